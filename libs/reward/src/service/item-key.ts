import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { RewardItem } from '@pentimento/api-contracts';

/** Characters that are hashed before other work has a turn. */
const charactersPerTurn = 4 * 1024 * 1024;

/** The same for items that have the same score by a version. Images are hashed in turns with other work. */
export async function itemKey(versionId: string, item: RewardItem): Promise<string> {
  const { image, reference, ...rest } = item;
  const { data, ...named } = reference ?? {};
  const images = [image && (await digest(image)), data && (await digest(data))];
  return digest(JSON.stringify([versionId, images, reference && named, { ...rest, id: '' }]));
}

async function digest(text: string): Promise<string> {
  const hash = createHash('sha256');
  for (let at = 0; at < text.length; at += charactersPerTurn) {
    if (at > 0) await setImmediate();
    hash.update(text.slice(at, at + charactersPerTurn));
  }
  return hash.digest('hex');
}

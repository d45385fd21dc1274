import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, realpath, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { encodersFolder } from './encoder-paths.ts';

/** Below this a hash is quicker made than looked up. */
const keptFrom = 8 * 1024 * 1024;

const keptSchema = z.object({ state: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/) });

/**
 * SHA-256 of a file's content, lower-case hex. With a home the hash of a large file is kept under it and taken again while the
 * file's size, inode and times of change stay as they were: 1.2 GB of weights are read once, not at every start.
 */
export async function hashOfFile(path: string, home?: string, signal?: AbortSignal): Promise<string> {
  const real = await realpath(path);
  const state = await stateOf(real);
  const place = home === undefined || state.bytes < keptFrom ? undefined : keptAt(home, real);
  const kept = place === undefined ? undefined : await readKept(place);
  if (kept?.state === state.text) return kept.sha256;
  const hash = createHash('sha256');
  await pipeline(createReadStream(real), hash, { signal });
  const sha256 = hash.digest('hex');
  // A file that changed meanwhile has a hash of neither state.
  if (place && (await stateOf(real)).text === state.text) await keep(place, { state: state.text, sha256 });
  return sha256;
}

async function stateOf(path: string): Promise<{ bytes: number; text: string }> {
  const { size, dev, ino, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
  return { bytes: Number(size), text: [size, dev, ino, mtimeNs, ctimeNs].join(' ') };
}

function keptAt(home: string, path: string): string {
  return join(encodersFolder(home), '.hashes', `${createHash('sha256').update(path).digest('hex')}.json`);
}

async function readKept(place: string): Promise<z.infer<typeof keptSchema> | undefined> {
  try {
    return keptSchema.parse(JSON.parse(await readFile(place, 'utf8')));
  } catch {
    return undefined;
  }
}

/** A hash that cannot be kept is only made again. */
async function keep(place: string, kept: z.infer<typeof keptSchema>): Promise<void> {
  const partial = `${place}.${randomUUID()}`;
  try {
    await mkdir(dirname(place), { recursive: true });
    await writeFile(partial, JSON.stringify(kept));
    await rename(partial, place);
  } catch {
    return;
  }
}

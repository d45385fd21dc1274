import { type RewardItem } from '@pentimento/api-contracts';
import {
  alignmentOf,
  blocksOfLanguage,
  publishedCode,
  uploadLimits,
  type BlobId,
  type LanguageInfo,
} from '@pentimento/contracts';
import { parseReply, type ReplyLanguage } from '@pentimento/replies';

export type KnownLanguage = Pick<LanguageInfo, 'id'> & ReplyLanguage;

/** The code of an item, or why there is none, and the alignment that goes with it. */
export type ItemCode = { alignment: 0 | 1 } & (
  { status: 'code'; code: string } | { status: 'no_code' | 'edit_failed'; message: string }
);

/**
 * The code as given, or as the response has it: its last block of the language, else what the published rule takes.
 * Where the response may edit
 * `base`, it is parsed as the loop parses a reply.
 */
export function codeOf(item: RewardItem, language: KnownLanguage, base: string | null): ItemCode {
  const { id, fenceNames } = language;
  const { code, alignment = 1 } = item;
  const response = item.response?.toWellFormed() ?? '';
  if (code !== undefined) return { status: 'code', code, alignment };
  const aligned = alignmentOf(response, fenceNames[0]);
  if (base !== null) return { alignment: aligned, ...editedCode(response, language, base) };
  const block = blocksOfLanguage(response, fenceNames).at(-1) ?? publishedCode(response, fenceNames[0]);
  if (block !== undefined) return { status: 'code', code: block, alignment: aligned };
  const message = `The reply holds no closed fenced block of ${id}: write the code between \`\`\`${fenceNames[0]} and \`\`\`.`;
  return { status: 'no_code', message, alignment: aligned };
}

function editedCode(response: string, language: ReplyLanguage, base: string) {
  const { status, code, detail } = parseReply(response, { language, current: base, finishReason: 'unknown' });
  if (code !== null) return { status: 'code', code } as const;
  return { status: status === 'edit_failed' ? status : 'no_code', message: detail } as const;
}

/** The code that the response may edit; null where the item names none. `getBlob` is absent where this process stores none. */
export async function baseOf(
  { base }: RewardItem,
  getBlob: ((id: BlobId) => Promise<Uint8Array | null>) | undefined,
): Promise<{ code: string | null } | { problem: string }> {
  if (base?.blob === undefined) return { code: base?.code ?? null };
  if (!getBlob) return { problem: 'This service keeps no blobs: send the base as code.' };
  const bytes = await getBlob(base.blob);
  if (!bytes) return { problem: 'There is no blob of the base: send it as code, or leave out rows of deleted jobs.' };
  return readBase(bytes);
}

function readBase(bytes: Uint8Array): { code: string } | { problem: string } {
  const code = decode(bytes);
  if (code === undefined) return { problem: 'The blob of the base is not UTF-8 text: name the blob of code.' };
  if (code.length <= uploadLimits.codeBytes) return { code };
  return {
    problem: `The base has ${code.length} characters: name the blob of code of at most ${uploadLimits.codeBytes}.`,
  };
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

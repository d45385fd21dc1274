import { blocksOfLanguage, uploadLimits, type LanguageInfo, type ReplyParseStatus } from '@pentimento/contracts';
import { applyEdits, holdsEdits, parseEdits } from './edits.ts';

export interface ParsedReply {
  status: ReplyParseStatus;
  code: string | null;
  /** Why there is no code, in one sentence; empty otherwise. */
  detail: string;
}

/** Longest reply that is read, characters: code is a quarter of it at most. */
const maxReplyLength = 4 * uploadLimits.codeBytes;

/**
 * Takes the code out of a reply: search/replace edits applied to `current`, else the last fenced block of the language.
 * A reply without usable code is a value that the next prompt states. The code is well-formed Unicode.
 */
export function parseReply(
  reply: string,
  options: { fenceNames: LanguageInfo['fenceNames']; current: string | null; finishReason: string },
): ParsedReply {
  const { fenceNames, current, finishReason } = options;
  if (reply.length > maxReplyLength)
    return without('no_code', `The reply has ${reply.length} characters: at most ${maxReplyLength} are read.`);
  const blocks = blocksOfLanguage(reply.toWellFormed(), fenceNames);
  if (blocks.length === 0) {
    if (finishReason === 'length')
      return without('cut_off', 'The reply reached its length limit before its code was complete.');
    return without('no_code', `The reply has no closed fenced block that opens with \`\`\`${fenceNames[0]}.`);
  }
  const editBlocks = blocks.filter(holdsEdits);
  return editBlocks.length > 0 ? parseEditBlocks(editBlocks, current) : parseCode(blocks.at(-1)!);
}

function parseCode(code: string): ParsedReply {
  if (code.trim() === '') return without('no_code', 'The fenced block is empty.');
  if (code.length > uploadLimits.codeBytes)
    return without('no_code', `The code is longer than ${uploadLimits.codeBytes} characters.`);
  return { status: 'code', code, detail: '' };
}

function parseEditBlocks(blocks: readonly string[], current: string | null): ParsedReply {
  if (current === null) return without('edit_failed', 'The reply edits, but there is no code to edit yet.');
  const parsed = parseEdits(blocks.join('\n'));
  if (!parsed.ok) return without('edit_failed', parsed.detail);
  const applied = applyEdits(current, parsed.edits);
  if (!applied.ok) return without('edit_failed', applied.detail);
  const code = parseCode(applied.code);
  return code.code === null ? code : { ...code, status: 'edits' };
}

function without(status: ReplyParseStatus, detail: string): ParsedReply {
  return { status, code: null, detail };
}

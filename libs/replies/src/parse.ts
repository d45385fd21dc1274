import { blocksOfLanguage, uploadLimits, type LanguageInfo, type ReplyParseStatus } from '@pentimento/contracts';
import { applyEdits, holdsEdits, parseEdits } from './edits.ts';
import { lenientBlocks, type LenientBlock } from './lenient-blocks.ts';

export interface ParsedReply {
  status: ReplyParseStatus;
  code: string | null;
  /** Why there is no code, in one sentence; empty otherwise. */
  detail: string;
}

/** Longest reply that is read, characters: code is a quarter of it at most. */
const maxReplyLength = 4 * uploadLimits.codeBytes;

/** What the reading of a reply must know of a language. */
export interface ReplyLanguage extends Pick<LanguageInfo, 'fenceNames'> {
  /** The program in a text that holds a whole one, without what stands around it; undefined for a text that holds none. */
  wholeProgram?(text: string): string | undefined;
}

/**
 * Takes the code out of a reply: search/replace edits applied to `current`, else the last fenced block of the language that is a whole
 * program. Where there is none: the blocks joined, blocks whose fences are not CommonMark's, a block that is left open, or a program without
 * a fence, each only where that gives a whole program. Else the last block. What a model thinks, and the tokens that end its turn, are left
 * out. A reply without usable code is a value that the next prompt states. The code is well-formed Unicode.
 */
export function parseReply(
  reply: string,
  options: { language: ReplyLanguage; current: string | null; finishReason: string },
): ParsedReply {
  const { language, current, finishReason } = options;
  if (reply.length > maxReplyLength)
    return without('no_code', `The reply has ${reply.length} characters: at most ${maxReplyLength} are read.`);
  const answer = answerOf(reply.toWellFormed());
  const blocks = blocksOfLanguage(answer, language.fenceNames);
  const edits = editsIn(answer, blocks, language);
  if (edits !== undefined) return parseEditText(edits, current);
  const found = findCode(answer, blocks, language, finishReason === 'length');
  if (found !== undefined) return parseCode(found);
  if (finishReason === 'length')
    return without('cut_off', 'The reply reached its length limit before its code was complete.');
  return without('no_code', `The reply has no closed fenced block that opens with \`\`\`${language.fenceNames[0]}.`);
}

const thinkingEnd = /<\/think(?:ing)?>/g;
const turnTokens = /<\|(?:eot_id|im_end|endoftext|end_of_text|end_of_box|begin_of_box|end|eom_id)\|>|<\/s>(?=\s*$)/g;

/** The answer of a reply: what follows its thinking, if anything does, without the tokens of a chat template and a byte order mark. */
function answerOf(reply: string): string {
  const end = [...reply.matchAll(thinkingEnd)].at(-1);
  const rest = end ? reply.slice(end.index + end[0].length) : '';
  return (rest.trim() === '' ? reply : rest).replace(turnTokens, '').replace(/^\ufeff/, '');
}

function findCode(
  answer: string,
  blocks: readonly string[],
  { fenceNames, wholeProgram }: ReplyLanguage,
  isCutOff: boolean,
): string | undefined {
  const isWhole = (code: string): boolean => wholeProgram?.(code) !== undefined;
  const whole = blocks.findLast(isWhole);
  if (whole !== undefined) return whole;
  const joined = blocks.join('\n');
  if (blocks.length > 1 && isWhole(joined)) return joined;
  const others = lenientBlocks(answer)
    .flatMap(unwrapped)
    .filter(({ isClosed }) => isClosed || !isCutOff);
  const other = others.findLast(({ body }) => isWhole(body));
  if (other) return other.body;
  const inline = others.findLast(({ text }) => isWhole(text));
  if (inline) return wholeProgram?.(inline.text);
  if (blocks.length > 0) return blocks.at(-1);
  const named = others.findLast(({ info, isClosed }) => isClosed && fenceNames.includes(info));
  return named?.body ?? (isCutOff ? undefined : wholeProgram?.(answer));
}

const markdownNames = new Set(['markdown', 'md']);

/** A block of Markdown stands for the blocks in it. */
const unwrapped = (block: LenientBlock): LenientBlock[] =>
  markdownNames.has(block.info) ? lenientBlocks(block.body) : [block];

function parseCode(code: string): ParsedReply {
  if (code.trim() === '') return without('no_code', 'The fenced block is empty.');
  if (code.length > uploadLimits.codeBytes)
    return without('no_code', `The code is longer than ${uploadLimits.codeBytes} characters.`);
  const omission = omissionIn(code);
  if (omission) return without('no_code', `The code leaves parts out (${JSON.stringify(omission)}): write all of it.`);
  return { status: 'code', code, detail: '' };
}

const omissions = /(?:\.{3}|…) ?(?:the )?(?:rest|existing|remaining|unchanged|same as) [^\n]{0,80}/gi;
/** The start of a line, or of a comment. */
const beforeOmission = /(?:^|\n)[ \t]{0,99}(?:#|\/\/|<!--|\/\*|%)?[ \t]{0,9}$/;

/** The line that stands for code which the reply does not repeat, e.g. "# ... existing code ...". */
function omissionIn(code: string): string | undefined {
  for (const { 0: text, index } of code.matchAll(omissions))
    if (beforeOmission.test(code.slice(Math.max(0, index - 120), index))) return text.trim();
  return undefined;
}

/** The text that holds edits: the language's blocks, else, where none is a whole program, the answer itself. Undefined without edits. */
function editsIn(answer: string, blocks: readonly string[], { wholeProgram }: ReplyLanguage): string | undefined {
  const edits = blocks.filter(holdsEdits);
  if (edits.length > 0) return edits.join('\n');
  return !blocks.some((block) => wholeProgram?.(block)) && holdsEdits(answer) ? answer : undefined;
}

function parseEditText(text: string, current: string | null): ParsedReply {
  if (current === null) return without('edit_failed', 'The reply edits, but there is no code to edit yet.');
  const parsed = parseEdits(text);
  if (!parsed.ok) return without('edit_failed', parsed.detail);
  const applied = applyEdits(current, parsed.edits);
  if (!applied.ok) return without('edit_failed', applied.detail);
  const code = parseCode(applied.code);
  return code.code === null ? code : { ...code, status: 'edits' };
}

function without(status: ReplyParseStatus, detail: string): ParsedReply {
  return { status, code: null, detail };
}

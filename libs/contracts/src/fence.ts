export interface FencedBlock {
  /** The info string after the opening fence, lower case, first word only. */
  info: string;
  body: string;
}

/** Most lines of a reply that may open or close a block: far more than any reply needs. */
const maxFences = 20_000;

/**
 * The closed fenced blocks of a reply in order (CommonMark section 4.5, backticks only), of its first 20,000 lines that may open or close
 * one. A block that the reply never closes is left out: a cut-off reply has no usable code.
 */
export function fencedBlocks(reply: string): FencedBlock[] {
  const blocks: FencedBlock[] = [];
  let fences = 0;
  let open: { ticks: number; info: string; start: number } | undefined;
  for (const { ticks, info, start, end } of fenceLines(reply)) {
    if (!open) {
      open = { ticks, info: firstWord(info), start: end + 1 };
    } else if (ticks >= open.ticks && info.trim() === '') {
      blocks.push({ info: open.info, body: linesOf(reply, open.start, start) });
      open = undefined;
    }
    if (++fences === maxFences) break;
  }
  return blocks;
}

interface FenceLine {
  ticks: number;
  /** What follows the backticks. */
  info: string;
  /** The first character of the line, and its newline. */
  start: number;
  end: number;
}

/** The lines that may open or close a block. Whatever holds no three backticks is skipped, so that a long reply takes little time. */
function* fenceLines(text: string): Generator<FenceLine> {
  for (let at = text.indexOf('```'); at !== -1;) {
    const newline = text.indexOf('\n', at);
    const end = newline === -1 ? text.length : newline;
    let rest = at + 3;
    while (text[rest] === '`') rest++;
    const start = startOfFence(text, at);
    const other = text.indexOf('`', rest);
    const hasOther = other !== -1 && other < end;
    if (start !== undefined && !hasOther) yield { ticks: rest - at, info: text.slice(rest, end), start, end };
    at = text.indexOf('```', end);
  }
}

/** The start of the line; undefined where more than three spaces, or anything else, stands before the backticks. */
function startOfFence(text: string, ticks: number): number | undefined {
  let start = ticks;
  while (ticks - start < 3 && text[start - 1] === ' ') start--;
  return start === 0 || text[start - 1] === '\n' ? start : undefined;
}

/** The lines from `start` up to the line that begins at `end`, without their last line break. */
function linesOf(text: string, start: number, end: number): string {
  const lines = text.slice(start, Math.max(start, end - 1));
  const last = lines.endsWith('\r') && end > start ? lines.slice(0, -1) : lines;
  return last.split('\r\n').join('\n');
}

/** The bodies of the closed fenced blocks that any of a language's fence names opens, in order. */
export function blocksOfLanguage(reply: string, fenceNames: readonly string[]): string[] {
  return fencedBlocks(reply)
    .filter((block) => fenceNames.includes(block.info))
    .map((block) => block.body);
}

/**
 * Language alignment of a reply: 1 where the language's name stands right behind three backticks, as it is written, and three more
 * backticks stand anywhere after it, else 0 (VinciCoder, examples/reward_function/vincicoder.py, which takes the name from the prompt; the
 * job names it here).
 *
 * @param fenceName the first of the language's, e.g. "svg".
 */
export const alignmentOf = (reply: string, fenceName: string): 0 | 1 =>
  publishedCode(reply, fenceName) === undefined ? 0 : 1;

/** The code that the published rule takes: between the last name and the backticks after it, without white space around it. */
export function publishedCode(reply: string, fenceName: string): string | undefined {
  const opening = '```' + fenceName;
  let code: string | undefined;
  for (let at = reply.indexOf(opening); at !== -1;) {
    const start = at + opening.length;
    const end = reply.indexOf('```', start);
    if (end === -1) break;
    code = withoutSpace(reply.slice(start, end));
    at = reply.indexOf(opening, end + 3);
  }
  return code;
}

/** What Python's regular expressions take for white space. JavaScript's take a byte order mark too, and no separators of records. */
const pythonSpace = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

function withoutSpace(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && pythonSpace.test(text[start]!)) start++;
  while (start < end && pythonSpace.test(text[end - 1]!)) end--;
  return text.slice(start, end);
}

/** A fence long enough to hold `body` whatever backticks it contains. */
export function fence(body: string, info: string): string {
  const ticks = '`'.repeat(Math.max(2, longestRun(body)) + 1);
  return `${ticks}${info}\n${body}\n${ticks}`;
}

function longestRun(body: string): number {
  let longest = 0;
  for (let at = body.indexOf('`'); at !== -1; at = body.indexOf('`', at)) {
    const start = at;
    while (body[at] === '`') at++;
    longest = Math.max(longest, at - start);
  }
  return longest;
}

function firstWord(info: string): string {
  return (/^\S+/.exec(info.trimStart())?.[0] ?? '').toLowerCase();
}

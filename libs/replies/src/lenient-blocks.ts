/** A fenced block as models write it where they do not keep to CommonMark. */
export interface LenientBlock {
  /** The first word of the info string, in lower case, without braces, a file name or what follows a plus; empty where there is none. */
  info: string;
  body: string;
  /** All that stands between the fences, the info string included: code may begin on its line. */
  text: string;
  /** Whether a fence closes it. Only the last block may be open. */
  isClosed: boolean;
}

interface Mark {
  fence: string;
  /** The first character of the fence, the one after it, and the newline of its line. */
  start: number;
  after: number;
  end: number;
  /** What stands before the fence on its line, of at most `maxPrefix` characters. */
  prefix: string;
  rest: string;
}

/** Most fences of a reply that are looked at. */
const maxMarks = 20_000;
const maxPrefix = 200;
const maxRest = 200;

/**
 * The blocks of a reply that may be indented, in a list or a quote, opened behind other words, closed behind the last line of code, fenced by
 * tildes, or left open at the end. A fence inside a docstring closes nothing. Takes a time that grows with the length of the reply.
 */
export function lenientBlocks(reply: string): LenientBlock[] {
  const marks = [...marksOf(reply)];
  const blocks: LenientBlock[] = [];
  for (let index = 0; index < marks.length; index += 1) {
    const open = marks[index]!;
    const close = closingOf(marks, index, reply);
    const end = close === undefined ? reply.length : marks[close]!.start;
    const body = dedented(reply.slice(open.end + 1, Math.max(open.end + 1, end)), open.prefix);
    const text = reply.slice(open.after, end);
    blocks.push({ info: nameIn(open.rest), body, text, isClosed: close !== undefined });
    if (close === undefined) break;
    index = close;
  }
  return blocks;
}

function* marksOf(reply: string): Generator<Mark> {
  let count = 0;
  for (const match of reply.matchAll(/`{3,}|~{3,}/g)) {
    const [fence] = match;
    const start = match.index;
    const after = start + fence.length;
    const newline = reply.indexOf('\n', after);
    const end = newline === -1 ? reply.length : newline;
    const before = reply.slice(Math.max(0, start - maxPrefix), start);
    const prefix = before.slice(before.lastIndexOf('\n') + 1);
    yield { fence, start, after, end, prefix, rest: reply.slice(after, Math.min(end, after + maxRest)).trim() };
    if (++count === maxMarks) return;
  }
}

/** Most fences inside the docstrings of a block. */
const maxInnerFences = 4;

/**
 * The index of the mark that closes the block: the first that stands in no docstring, else the first, else the first that begins a line with
 * a sentence behind it. Undefined where none closes it.
 */
function closingOf(marks: readonly Mark[], opening: number, reply: string): number | undefined {
  const open = marks[opening]!;
  let quotes = 0;
  let counted = open.end + 1;
  let first: number | undefined;
  let beforeWords: number | undefined;
  for (let index = opening + 1; index < marks.length; index += 1) {
    const mark = marks[index]!;
    if (first !== undefined && index > first + maxInnerFences) break;
    quotes += docstringQuotes(reply.slice(counted, mark.start));
    counted = Math.max(counted, mark.start);
    if (mark.fence[0] !== open.fence[0] || mark.fence.length < open.fence.length) continue;
    if (mark.rest !== '') {
      if (mark.prefix.trim() === '' && /^\S+ \w+ /.test(mark.rest)) beforeWords ??= index;
      continue;
    }
    if (quotes % 2 === 0) return index;
    first ??= index;
  }
  return first ?? beforeWords;
}

const docstringQuotes = (text: string): number => text.match(/"""|'''/g)?.length ?? 0;

const nameIn = (rest: string): string => /^\{?\s*\.?([\w#-]+)/.exec(rest)?.[1]!.toLowerCase() ?? '';

/** Without the indentation or the quote marks of the line that opens the block, and without the last line break. */
function dedented(body: string, prefix: string): string {
  const lines = body.replaceAll('\r\n', '\n').replace(/\n[ \t>]*$/, '');
  if (!/^[ \t>]+$/.test(prefix)) return lines;
  const bare = prefix.trimEnd();
  return lines
    .split('\n')
    .map((line) => (line.startsWith(prefix) ? line.slice(prefix.length) : line === bare ? '' : line))
    .join('\n');
}

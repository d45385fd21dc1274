import { editMarkers, maxEditCost, occurrences, type Edit } from '@pentimento/contracts';

export type ParsedEdits = { ok: true; edits: Edit[] } | { ok: false; detail: string };
export type AppliedEdits = { ok: true; code: string } | { ok: false; detail: string };

/** Most edits of one reply. */
const maxEdits = 10_000;

type Kind = 'search' | 'divider' | 'replace';

/** The markers as models write them: more or fewer signs, indented, in any case, with a file's name behind them. */
const forms: Record<Kind, { sign: string; word: string }> = {
  search: { sign: '<', word: 'SEARCH' },
  divider: { sign: '=', word: '' },
  replace: { sign: '>', word: 'REPLACE' },
};
const minSigns = 5;
const maxSigns = 9;
const maxIndentation = 99;

/** Whether a block is written as search/replace edits and not as code. */
export function holdsEdits(block: string): boolean {
  return markerAfter(block, 'search', 0) !== undefined;
}

/** The search/replace edits of a block in order; text between them is ignored. Each half may stand in a fence of its own. */
export function parseEdits(block: string): ParsedEdits {
  const edits: Edit[] = [];
  for (let at = markerAfter(block, 'search', 0); at;) {
    const number = edits.length + 1;
    const divider = markerAfter(block, 'divider', at.end, at.signs);
    const close = divider && markerAfter(block, 'replace', divider.end);
    if (!close) return { ok: false, detail: `Edit ${number} is not closed by "${editMarkers.replace}".` };
    const second = markerAfter(block, 'divider', divider.end, at.signs);
    if (second && second.start < close.start)
      return {
        ok: false,
        detail: `Edit ${number} has two lines of "${editMarkers.divider}": write one between its halves.`,
      };
    if (edits.length === maxEdits)
      return { ok: false, detail: `The reply has more than ${maxEdits} edits: write the whole code instead.` };
    edits.push({ search: linesBetween(block, at, divider), replace: linesBetween(block, divider, close) });
    at = markerAfter(block, 'search', close.end);
  }
  return { ok: true, edits };
}

/** A line of its own: its first character, and that of the next line. */
interface MarkerLine {
  start: number;
  end: number;
  signs: number;
}

/** The next line at or after the line start `from` that is the marker. A divider has seven signs, or as many as its search marker. */
function markerAfter(block: string, kind: Kind, from: number, wantedSigns?: number): MarkerLine | undefined {
  const { sign, word } = forms[kind];
  for (let at = block.indexOf(sign.repeat(minSigns), from); at !== -1;) {
    const newline = block.indexOf('\n', at);
    const end = newline === -1 ? block.length : newline;
    let after = at + minSigns;
    while (block[after] === sign) after += 1;
    const signs = after - at;
    const start = startOfLine(block, at);
    const rest = block.slice(after, Math.min(end, after + 200)).trim();
    const isWord = word === '' ? rest === '' : rest.toUpperCase().startsWith(word);
    const isLong =
      kind !== 'divider' ? signs <= maxSigns : signs === editMarkers.divider.length || signs === wantedSigns;
    if (start !== undefined && isWord && isLong) return { start, end: end + 1, signs };
    at = block.indexOf(sign.repeat(minSigns), end);
  }
  return undefined;
}

/** The start of the line; undefined where more than spaces stands before `at`. */
function startOfLine(block: string, at: number): number | undefined {
  let start = at;
  while (start > 0 && at - start < maxIndentation && (block[start - 1] === ' ' || block[start - 1] === '\t'))
    start -= 1;
  return start === 0 || block[start - 1] === '\n' ? start : undefined;
}

const linesBetween = (block: string, before: MarkerLine, after: MarkerLine): string =>
  withoutFence(block.slice(before.end, Math.max(before.end, after.start - 1)));

/** A half of an edit without the fence around it. */
function withoutFence(half: string): string {
  const isFenced = /^[ \t]{0,99}```[^`\n]{0,99}\n/.test(half) && half.trimEnd().endsWith('\n```');
  return isFenced ? half.slice(half.indexOf('\n') + 1, half.lastIndexOf('\n```')) : half;
}

/** Longest code whose lines are compared without their spaces, lines. */
const maxLines = 50_000;
/** Of a line that is compared so. */
const lineCost = 16;

/**
 * Applies edits one after the other. Each search text must stand in the code exactly once: as it is, or, where it stands
 * nowhere, with leading and trailing spaces of its lines left out. All apply or none does. Takes a time that grows with the length of the
 * code times the number of edits, which is bounded.
 */
export function applyEdits(code: string, edits: readonly Edit[]): AppliedEdits {
  let edited = code;
  let cost = 0;
  for (const [index, edit] of edits.entries()) {
    const applied = applyEdit(edited, edit);
    if (!applied.ok) return { ok: false, detail: `Edit ${index + 1}: ${applied.detail}` };
    cost += applied.cost;
    if (cost > maxEditCost) {
      const detail = `${edits.length} edits are too many for code of ${code.length} characters: write the whole code instead.`;
      return { ok: false, detail };
    }
    edited = applied.code;
  }
  return { ok: true, code: edited };
}

type AppliedEdit = { ok: true; code: string; cost: number } | { ok: false; detail: string };

function applyEdit(code: string, { search, replace }: Edit): AppliedEdit {
  if (search.trim() === '') return { ok: false, detail: 'the search text is empty.' };
  const [first, second] = occurrences(search, code);
  if (first === undefined) return applyByLines(code, search, replace);
  if (second !== undefined) return { ok: false, detail: `the search text stands more than once: ${quote(search)}` };
  const edited = code.slice(0, first) + replace + code.slice(first + search.length);
  return { ok: true, code: edited, cost: code.length };
}

function applyByLines(code: string, search: string, replace: string): AppliedEdit {
  const lines = code.split('\n', maxLines + 1);
  const trimmed = (text: readonly string[]) => text.map((line) => line.trim());
  const wanted = search.split('\n', lines.length + 1);
  const isTooLong = lines.length > maxLines || wanted.length > lines.length;
  const [first, second] = isTooLong ? [] : occurrences(trimmed(wanted), trimmed(lines));
  if (first === undefined) return { ok: false, detail: `the search text does not stand in the code: ${quote(search)}` };
  if (second !== undefined) return { ok: false, detail: `the search text stands more than once: ${quote(search)}` };
  const indented = shifted(replace, wanted, lines.slice(first, first + wanted.length));
  const edited = [...lines.slice(0, first), indented, ...lines.slice(first + wanted.length)].join('\n');
  return { ok: true, code: edited, cost: 2 * code.length + lineCost * lines.length };
}

/** A replacement with the indentation of the lines that it replaces, where the search text is indented otherwise. */
function shifted(replace: string, wanted: readonly string[], found: readonly string[]): string {
  const at = wanted.findIndex((line) => line.trim() !== '');
  const [from, to] = [indentationOf(wanted[at]!), indentationOf(found[at]!)];
  const shift = (line: string): string =>
    line.trim() !== '' && line.startsWith(from) ? to + line.slice(from.length) : line;
  return replace.split('\n').map(shift).join('\n');
}

const indentationOf = (line: string): string => line.slice(0, line.length - line.trimStart().length);

function quote(text: string): string {
  const line = text.trim().split('\n', 1)[0]!;
  return JSON.stringify(line.length > 80 ? `${line.slice(0, 80)}…` : line);
}

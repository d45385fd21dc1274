import { editMarkers, type Edit } from '@pentimento/contracts';

export type ParsedEdits = { ok: true; edits: Edit[] } | { ok: false; detail: string };
export type AppliedEdits = { ok: true; code: string } | { ok: false; detail: string };

/** Whether a block is written as search/replace edits and not as code. */
export function holdsEdits(block: string): boolean {
  return block.split('\n').some((line) => line.trimEnd() === editMarkers.search);
}

/** The search/replace edits of a block in order; text between them is ignored. */
export function parseEdits(block: string): ParsedEdits {
  const edits: Edit[] = [];
  let part: 'outside' | 'search' | 'replace' = 'outside';
  let search: string[] = [];
  let replace: string[] = [];
  for (const line of block.split('\n')) {
    const marker = line.trimEnd();
    if (part === 'outside') {
      if (marker === editMarkers.search) part = 'search';
    } else if (part === 'search') {
      if (marker === editMarkers.divider) part = 'replace';
      else search.push(line);
    } else if (marker === editMarkers.replace) {
      edits.push({ search: search.join('\n'), replace: replace.join('\n') });
      [part, search, replace] = ['outside', [], []];
    } else {
      replace.push(line);
    }
  }
  if (part !== 'outside')
    return { ok: false, detail: `Edit ${edits.length + 1} is not closed by "${editMarkers.replace}".` };
  return { ok: true, edits };
}

/** Characters of code that all edits of a reply may look through together: this is work on the event loop. */
const maxSearched = 8 * 1024 * 1024;

/**
 * Applies edits one after the other. Each search text must stand in the code exactly once: as it is, or, where it stands
 * nowhere, with leading and trailing spaces of its lines left out. All apply or none does. Takes a time that grows with the length of the
 * code and the number of edits, whose product is bounded.
 */
export function applyEdits(code: string, edits: readonly Edit[]): AppliedEdits {
  if (edits.length * code.length > maxSearched) {
    const detail = `${edits.length} edits are too many for code of ${code.length} characters: write the whole code instead.`;
    return { ok: false, detail };
  }
  let edited = code;
  for (const [index, edit] of edits.entries()) {
    const applied = applyEdit(edited, edit);
    if (!applied.ok) return { ok: false, detail: `Edit ${index + 1}: ${applied.detail}` };
    edited = applied.code;
  }
  return { ok: true, code: edited };
}

function applyEdit(code: string, { search, replace }: Edit): AppliedEdits {
  if (search.trim() === '') return { ok: false, detail: 'the search text is empty.' };
  const [first, second] = occurrences(search, code);
  if (first === undefined) return applyByLines(code, search, replace);
  if (second !== undefined) return { ok: false, detail: `the search text stands more than once: ${quote(search)}` };
  return { ok: true, code: code.slice(0, first) + replace + code.slice(first + search.length) };
}

function applyByLines(code: string, search: string, replace: string): AppliedEdits {
  const lines = code.split('\n');
  const trimmed = (text: readonly string[]) => text.map((line) => line.trim());
  const wanted = search.split('\n');
  const [first, second] = occurrences(trimmed(wanted), trimmed(lines));
  if (first === undefined) return { ok: false, detail: `the search text does not stand in the code: ${quote(search)}` };
  if (second !== undefined) return { ok: false, detail: `the search text stands more than once: ${quote(search)}` };
  return { ok: true, code: lines.toSpliced(first, wanted.length, ...replace.split('\n')).join('\n') };
}

/**
 * The first two positions at which `wanted` stands in `parts`, which are lines, or the characters of a string; overlaps too (Knuth, Morris
 * and Pratt: in linear time, also for parts that repeat, where String.indexOf takes a quadratic one).
 */
function occurrences(wanted: ArrayLike<string>, parts: ArrayLike<string>): number[] {
  if (wanted.length > parts.length) return [];
  const borders = [0];
  for (let at = 1, matched = 0; at < wanted.length; at++) {
    while (matched > 0 && wanted[at] !== wanted[matched]) matched = borders[matched - 1]!;
    if (wanted[at] === wanted[matched]) matched++;
    borders.push(matched);
  }
  const found: number[] = [];
  for (let at = 0, matched = 0; at < parts.length && found.length < 2; at++) {
    while (matched > 0 && (matched === wanted.length || parts[at] !== wanted[matched])) matched = borders[matched - 1]!;
    if (parts[at] === wanted[matched]) matched++;
    if (matched === wanted.length) found.push(at - matched + 1);
  }
  return found;
}

function quote(text: string): string {
  const line = text.trim().split('\n')[0]!;
  return JSON.stringify(line.length > 80 ? `${line.slice(0, 80)}…` : line);
}

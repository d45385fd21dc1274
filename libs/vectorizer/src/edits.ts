import { editMarkers, maxEditCost, occurrences, type Edit } from '@pentimento/contracts';

/** The code after the edits; undefined where a search text does not stand in it exactly once, and where no reply may have so many edits. */
export function applied(code: string, edits: readonly Edit[]): string | undefined {
  if (code.length * edits.length > maxEditCost) return undefined;
  let edited = code;
  for (const { search, replace } of edits) {
    const [at, other] = search.trim() === '' ? [] : occurrences(search, edited);
    if (at === undefined || other !== undefined) return undefined;
    edited = edited.slice(0, at) + replace + edited.slice(at + search.length);
  }
  return edited;
}

/** Whether an edit can be written down: a line that reads as a marker would end it early. */
export function writable({ search, replace }: Edit): boolean {
  const markers = Object.values(editMarkers) as string[];
  return ![...search.split('\n'), ...replace.split('\n')].some((line) => markers.includes(line.trimEnd()));
}

/** Inserts text before `at`: the search text is what follows there, grown to the left until it stands only once. */
export function insertion(code: string, at: number, length: number, text: string): Edit {
  const end = at + length;
  let start = at;
  for (let step = 1; start > 0 && !standsOnce(code, code.slice(start, end)); step *= 2)
    start = Math.max(0, start - step);
  return { search: code.slice(start, end), replace: code.slice(start, at) + text + code.slice(at, end) };
}

/** Removes whole lines from `start` to `end`; the line before them stays as the place to find. */
export function removal(code: string, start: number, end: number): Edit {
  const from = start === 0 ? 0 : code.lastIndexOf('\n', start - 2) + 1;
  return { search: code.slice(from, end), replace: code.slice(from, Math.max(from, start - 1)) };
}

function standsOnce(code: string, text: string): boolean {
  return text.trim() !== '' && occurrences(text, code).length === 1;
}

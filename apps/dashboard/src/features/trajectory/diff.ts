import { structuredPatch } from 'diff';

export interface DiffLine {
  kind: 'added' | 'removed' | 'kept';
  text: string;
  /** Line numbers in the old and the new text; null where the line is not in it. */
  before: number | null;
  after: number | null;
}

export interface Hunk {
  lines: DiffLine[];
}

/** Bounds on the search for a short diff; texts that differ more are shown in full. */
const patience = { maxEditLength: 2000, timeout: 1000 };

/** Changed lines with three lines of context; null where the texts differ too much. */
export function diffOf(before: string, after: string): Hunk[] | null {
  const patch = structuredPatch('', '', ending(before), ending(after), '', '', { context: 3, ...patience });
  return patch?.hunks.map((hunk) => ({ lines: numbered(hunk) })) ?? null;
}

export function countChanges(hunks: readonly Hunk[]): { added: number; removed: number } {
  const lines = hunks.flatMap((hunk) => hunk.lines);
  return {
    added: lines.filter((line) => line.kind === 'added').length,
    removed: lines.filter((line) => line.kind === 'removed').length,
  };
}

function numbered(hunk: { oldStart: number; newStart: number; lines: string[] }): DiffLine[] {
  let before = hunk.oldStart;
  let after = hunk.newStart;
  return hunk.lines.map((line): DiffLine => {
    const text = line.slice(1);
    if (line[0] === '+') return { kind: 'added', text, before: null, after: after++ };
    if (line[0] === '-') return { kind: 'removed', text, before: before++, after: null };
    return { kind: 'kept', text, before: before++, after: after++ };
  });
}

/** A missing final line feed is not shown as a change. */
function ending(text: string): string {
  return text.endsWith('\n') || text === '' ? text : `${text}\n`;
}

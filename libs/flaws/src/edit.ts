import type { Flaw } from '@pentimento/contracts';

export type Edit = Flaw['edit'];

/** Characters before and after the replaced span that an edit shows, at first. */
const minContext = 40;

/**
 * The edit that replaces `code.slice(start, end)` by `text`, with as much context as makes both of its texts unique: the
 * search text stands once in the code, and the replacement once in the edited code. Undefined where either would be blank.
 */
export function editOf(code: string, start: number, end: number, text: string): Edit | undefined {
  const edited = code.slice(0, start) + text + code.slice(end);
  if (code.trim() === '' || edited.trim() === '') return undefined;
  for (let margin = minContext; ; margin *= 2) {
    const [from, to] = [contextStart(code, start, margin), contextEnd(code, end, margin)];
    const search = code.slice(from, to);
    const replace = code.slice(from, start) + text + code.slice(end, to);
    if (standsOnce(code, search) && standsOnce(edited, replace)) return { search, replace };
    if (from === 0 && to === code.length) return undefined;
  }
}

/** At first the line of the edit, then whole lines before it; within a long line, the beginning of a word. */
function contextStart(code: string, start: number, margin: number): number {
  const from = Math.max(0, start - margin);
  const before = code.slice(from, start);
  if (margin === minContext && before.includes('\n')) return from + before.lastIndexOf('\n') + 1;
  if (from === 0) return 0;
  const gap = before.includes('\n') ? before.indexOf('\n') : before.search(/\s/);
  return gap === -1 ? start : from + gap + 1;
}

function contextEnd(code: string, end: number, margin: number): number {
  const after = code.slice(end, end + margin);
  if (margin === minContext && after.includes('\n')) return end + after.indexOf('\n');
  if (end + margin >= code.length) return code.length;
  const gap = after.includes('\n') ? after.lastIndexOf('\n') : after.search(/\s\S*$/);
  return gap === -1 ? end : end + gap;
}

function standsOnce(code: string, text: string): boolean {
  const at = code.indexOf(text);
  return text.trim() !== '' && at !== -1 && code.indexOf(text, at + 1) === -1;
}

import type { Group } from './groups.ts';

/** Most groups that are read: far more than a code of the longest length that is edited has. */
const maxGroups = 2000;

/**
 * The groups of a code, the first 2,000 of them: each begins with a line that `opening` matches (x, y, width, height and detail in this order)
 * and ends with the next line that is `closing`. `opening` has the flags g and m.
 */
export function readGroups(code: string, opening: RegExp, closing: string): Group[] {
  const groups: Group[] = [];
  let end = -1;
  for (const match of code.matchAll(opening)) {
    if (end < match.index) end = code.indexOf(`\n${closing}`, match.index);
    if (end < 0 || groups.length === maxGroups) break;
    const [x = 0, y = 0, width = 0, height = 0, detail = 0] = match.slice(1).map(Number);
    groups.push({ box: { x, y, width, height }, detail, start: match.index, end: end + 1 + closing.length });
  }
  return groups;
}

/** A number in at most `digits` decimals, without trailing zeros. */
export function short(value: number, digits = 6): string {
  return String(Number(value.toFixed(digits)));
}

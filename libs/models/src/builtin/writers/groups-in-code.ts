import type { Group } from './groups.ts';

/**
 * The groups of a code: each begins with a line that `opening` matches (x, y, width, height and detail in this order)
 * and ends with the next line that is `closing`. `opening` has the flags g and m.
 */
export function readGroups(code: string, opening: RegExp, closing: string): Group[] {
  return Array.from(code.matchAll(opening)).flatMap((match) => {
    const end = code.indexOf(`\n${closing}`, match.index);
    if (end < 0) return [];
    const [x = 0, y = 0, width = 0, height = 0, detail = 0] = match.slice(1).map(Number);
    return [{ box: { x, y, width, height }, detail, start: match.index, end: end + 1 + closing.length }];
  });
}

/** A number in at most `digits` decimals, without trailing zeros. */
export function short(value: number, digits = 6): string {
  return String(Number(value.toFixed(digits)));
}

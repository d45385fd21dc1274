/**
 * The first two positions at which `wanted` stands in `parts`, which are lines, or the characters of a string; overlaps too (Knuth, Morris
 * and Pratt: in linear time, also for parts that repeat, where String.indexOf takes a quadratic one).
 */
export function occurrences(wanted: ArrayLike<string>, parts: ArrayLike<string>): number[] {
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

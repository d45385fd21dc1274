import { setImmediate } from 'node:timers/promises';
import { charactersOf, type Range } from './font-file.ts';
import { fontFiles } from './font-set.ts';

const maxNamed = 10;
/** Up to here all fonts have glyphs; most texts have no others. */
const lastOfLatin = 0x24f;

let known: Promise<Range[][]> | undefined;

/**
 * A sentence on the characters of a text that no font of the project has, each of which is drawn as a box; undefined where there are none.
 * Spaces, marks of format and private characters are left out.
 */
export async function missingGlyphs(text: string): Promise<string | undefined> {
  const unusual = [...new Set(text)].filter(
    (character) => character.codePointAt(0)! > lastOfLatin && !/[\p{C}\p{Z}\p{M}]/u.test(character),
  );
  if (unusual.length === 0) return undefined;
  const tables = await (known ??= readCharacters());
  const missing = unusual.filter((character) => !tables.some((table) => holds(table, character.codePointAt(0)!)));
  if (missing.length === 0) return undefined;
  const named = missing.slice(0, maxNamed).map((character) => `${character} (U+${hex(character)})`);
  const more = missing.length > maxNamed ? ` and ${missing.length - maxNamed} more` : '';
  return `No font here has a glyph for ${named.join(', ')}${more}: boxes are drawn.`;
}

const hex = (character: string): string => character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');

/** Of all fonts, in turns with other work. Bold and slanted fonts have no characters that the regular ones of their families lack. */
async function readCharacters(): Promise<Range[][]> {
  const tables: Range[][] = [];
  for (const path of fontFiles().filter((name) => !/bold|italic|oblique|-light/i.test(name))) {
    tables.push(...charactersOf(path));
    await setImmediate();
  }
  return tables;
}

function holds(table: readonly Range[], point: number): boolean {
  let [low, high] = [0, table.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [first, last] = table[middle]!;
    if (point < first) high = middle - 1;
    else if (point > last) low = middle + 1;
    else return true;
  }
  return false;
}

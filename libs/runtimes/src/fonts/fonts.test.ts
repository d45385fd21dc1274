import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Program } from '@pentimento/sandbox';
import { afterAll, expect, it } from 'vitest';
import { charactersOf, headOf } from './font-file.ts';
import { fontFiles, fontsVersion, withFonts } from './font-set.ts';
import { missingGlyphs } from './missing-glyphs.ts';

const folder = mkdtempSync(join(tmpdir(), 'pentimento-fonts-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A font of two tables: `head`, whose bytes are all `mark`, and `cmap` with a subtable of format 4 and one of format 12. */
function fontWith(mark: number, asCollection = false): string {
  const format4 = Buffer.from('0004002000000004000400010000007affff0000006affff00000001000000000000', 'hex');
  const format12 = Buffer.from(
    '000c0000000000280000000000000002000130000001300f000000010001f6800001f68a00000011',
    'hex',
  );
  const cmap = Buffer.concat([
    Buffer.from('00000002', 'hex'),
    entry(20),
    entry(20 + format4.length),
    format4,
    format12,
  ]);
  const head = Buffer.alloc(54, mark);
  const start = asCollection ? Buffer.from('74746366000100000000000100000010', 'hex') : Buffer.alloc(0);
  const tables = start.length + 12 + 32;
  const directory = Buffer.alloc(12 + 32);
  directory.writeUInt16BE(2, 4);
  record(directory, 12, 'head', tables, head.length);
  record(directory, 28, 'cmap', tables + head.length, cmap.length);
  const path = join(folder, `${mark}${asCollection}.ttf`);
  writeFileSync(path, Buffer.concat([start, directory, head, cmap]));
  return path;
}

function entry(offset: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(offset, 4);
  return bytes;
}

function record(directory: Buffer, at: number, name: string, offset: number, length: number): void {
  directory.write(name, at, 'latin1');
  directory.writeUInt32BE(offset, at + 8);
  directory.writeUInt32BE(length, at + 12);
}

it.each([false, true])('reads which characters a font has (in a collection: %s)', (asCollection) => {
  expect(charactersOf(fontWith(1, asCollection))).toEqual([
    [[0x6a, 0x7a]],
    [
      [0x13000, 0x1300f],
      [0x1f680, 0x1f68a],
    ],
  ]);
});

it('tells fonts apart by their heads', () => {
  const [first, second] = [headOf(fontWith(1)), headOf(fontWith(2))];
  expect(first.equals(headOf(fontWith(1)))).toBe(true);
  expect(first.equals(second)).toBe(false);
});

it('finds no characters in what is no font', () => {
  const path = join(folder, 'none.ttf');
  writeFileSync(path, Buffer.alloc(64));
  expect(charactersOf(path)).toEqual([]);
});

it('counts the fonts of the settings only', () => {
  const names = fontFiles().map((path) => basename(path));
  expect(names).toContain('DejaVuSans.ttf');
  expect(names.filter((name) => !/^(?:Liberation|DejaVu|Carlito|Caladea|Noto|Free|Symbola)/.test(name))).toEqual([]);
  expect(fontsVersion()).toMatch(/^fonts-[\da-f]{8}$/);
});

it('gives the settings to a program, wherever it runs', () => {
  const program = { readable: new Map(), command: () => ['draw'] } as unknown as Program;
  const { readable, command } = withFonts(program);
  expect([...readable.values()]).toEqual(['/pentimento/fonts.conf']);
  expect(command((path) => `/inside/${basename(path)}`)).toEqual([
    '/usr/bin/env',
    'FONTCONFIG_FILE=/inside/fonts.conf',
    'draw',
  ]);
});

it.each([
  ['Plain text, Ärger, šum', undefined],
  ['Ω Ж ✓ → ½ …', undefined],
  ['icons \ue000\uf015, marks a\u0301 and spaces\u2003', undefined],
  [
    'a \u{13000} and \u{13001}',
    'No font here has a glyph for \u{13000} (U+13000), \u{13001} (U+13001): boxes are drawn.',
  ],
])('says which characters no font has: %s', async (text, sentence) => {
  expect(await missingGlyphs(text)).toBe(sentence);
});

it('names few of many characters', async () => {
  const text = Array.from({ length: 300 }, (_, at) => String.fromCodePoint(0x13000 + at)).join('');
  expect(await missingGlyphs(text)).toMatch(/^No font here .* and 290 more: boxes are drawn\.$/);
});

import { describe, expect, it } from 'vitest';
import { densityFor, pixelsAt, readPage, isCutOff } from './page.ts';

const layout = `<doc>
  <page width="308.479000" height="209.988000">
    <flow><block><line><word xMin="1" yMin="2">a&amp;b</word> <word xMin="1">&#945;</word></line></block>
    <block><line><word xMin="2">&lt;c&gt;</word></line></block></flow>
  </page></doc>`;

it('reads the size of a page and its text, line by line', () => {
  expect(readPage(layout)).toEqual({
    width: expect.closeTo(308.479),
    height: expect.closeTo(209.988),
    text: 'a&b α\n<c>',
  });
});

it.each([[''], ['<page width="0" height="9">'], ['<page width="1e9" height="x">']])('reads no page from %j', (text) => {
  expect(readPage(text)).toBeUndefined();
});

it.each([
  ['300 dpi', 300],
  ['150 dpi', 150],
  ['the density of a screen', 96],
])('reproduces a target made from the page at %s pixel for pixel', (_, density) => {
  const page = { width: 308.479, height: 209.988 };
  expect(densityFor(page, pixelsAt(page, density))).toBe(density);
});

// Sizes that pdftoppm 22.12 gives for pages of these sizes, made by pdfTeX.
it.each([
  ['35.160000', '25.910000', 1200, { width: 587, height: 432 }],
  ['35.160000', '25.910000', 600, { width: 294, height: 216 }],
  ['116.640000', '115.480000', 300, { width: 486, height: 482 }],
])('rounds a page of %s x %s at %s dpi as pdftoppm does', (width, height, density, expected) => {
  const page = readPage(`<page width="${width}" height="${height}">`)!;
  expect(pixelsAt(page, density)).toEqual(expected);
});

it.each([
  ['as large as fits', { width: 1000, height: 1000 }, { width: 1000, height: 681 }],
  ['no smaller than legible', { width: 20, height: 20 }, { width: 309, height: 210 }],
  ['no denser than print', { width: 9000, height: 9000 }, { width: 5142, height: 3500 }],
])('makes the image for any other target %s', (_, target, expected) => {
  const page = { width: 308.479, height: 209.988 };
  const size = pixelsAt(page, densityFor(page, target));
  expect(size).toEqual(expected);
});

describe('whether a page is cut off', () => {
  const line = 361.56;

  it.each([
    ['an article with a wide box', line, 'varwidth', 300, true],
    ['an article in a larger font', 406.4, 'varwidth', 300, true],
    ['a snippet with a wide box', line, 'preview', 300, true],
    ['a snippet that is one wide box', 726.5, 'preview', 366, false],
    ['a narrow page with a box in it', 100, 'varwidth', 300, false],
    ['a box that fits into the border', line, 'varwidth', 8, false],
    ['paper that the author chose', line, 'none', 300, false],
  ] as const)('is decided for %s', (_, width, crop, overhang, isCut) => {
    expect(isCutOff({ width }, crop, overhang)).toBe(isCut);
  });
});

import { expect, it } from 'vitest';
import { hasInk } from './ink.ts';

const white = [255, 255, 255];

it.each([
  ['one color', [10, 20, 30], [10, 20, 30], false],
  ['a color that nobody sees on another', white, [254, 254, 254], false],
  ['the faintest color that is seen', white, [255, 250, 255], true],
  ['black on white', white, [0, 0, 0], true],
])('of %s', (_, ground, other, expected) => {
  const pixels = Uint8Array.from([...ground, ...ground, ...other, ...ground]);
  expect(hasInk(pixels)).toBe(expected);
});

it('of a single pixel has none', () => {
  expect(hasInk(Uint8Array.from(white))).toBe(false);
});

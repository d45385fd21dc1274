import { expect, it } from 'vitest';
import { cellMeans, pixelDifferences } from './pixel-cells.ts';
import { lumaOf } from './shift.ts';

/** 6 x 4 px of one grey with some pixels of another: a map of 3 x 2 cells. */
function image(marks: Record<number, number> = {}) {
  const pixels = new Uint8Array(6 * 4 * 3).fill(100);
  for (const [pixel, value] of Object.entries(marks)) pixels.fill(value, Number(pixel) * 3, Number(pixel) * 3 + 3);
  return { width: 6, height: 4, pixels };
}

const summary = (picture: ReturnType<typeof image>) => ({ luma: lumaOf(picture), cells: cellMeans(picture) });

it('means the colours of each cell', () => {
  const { columns, rows, means } = cellMeans(image({ 0: 200, 23: 0 }));
  expect([columns, rows]).toEqual([3, 2]);
  expect([...means].filter((_, index) => index % 3 === 0)).toEqual([125, 100, 100, 100, 100, 75]);
});

it('is 0 for equal pixels, and the mean difference of brightness elsewhere', () => {
  const differences = pixelDifferences(summary(image()), summary(image({ 0: 200, 23: 49 })));
  expect([...differences].map((value) => Math.round(value * 255))).toEqual([25, 0, 0, 0, 0, 13]);
});

it('sees what its mean hides, and a colour of the same brightness', () => {
  const swapped = pixelDifferences(summary(image({ 0: 200, 1: 0 })), summary(image({ 0: 0, 1: 200 })));
  expect(swapped[0]! * 255).toBeCloseTo(100, 5);
  const red = image();
  red.pixels.set([161, 69, 100], 0);
  const tinted = pixelDifferences(summary(image()), summary(red));
  expect(tinted[0]! * 255).toBeCloseTo(15, 0);
});

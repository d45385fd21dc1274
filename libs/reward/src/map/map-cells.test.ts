import { expect, it } from 'vitest';
import { luma } from '../features/luma.ts';
import { cellMeans, pixelDifferences } from './map-cells.ts';

/** 6 x 4 px of one gray with some pixels of another: a map of 3 x 2 cells. */
function image(marks: Record<number, number> = {}) {
  const pixels = new Uint8Array(6 * 4 * 3).fill(100);
  for (const [pixel, value] of Object.entries(marks)) pixels.fill(value, Number(pixel) * 3, Number(pixel) * 3 + 3);
  return { width: 6, height: 4, pixels };
}

const featuresOf = (pixels: ReturnType<typeof image>) => ({
  luma: luma.extract(pixels),
  cellMeans: cellMeans.extract(pixels),
});

it('averages the colors of each cell', () => {
  const { columns, rows, means } = cellMeans.extract(image({ 0: 200, 23: 0 }));
  expect([columns, rows]).toEqual([3, 2]);
  expect([...means].filter((_, index) => index % 3 === 0)).toEqual([125, 100, 100, 100, 100, 75]);
});

it('is 0 for equal pixels, and the mean difference of brightness elsewhere', () => {
  const differences = pixelDifferences(featuresOf(image()), featuresOf(image({ 0: 200, 23: 49 })));
  expect([...differences].map((value) => Math.round(value * 255))).toEqual([25, 0, 0, 0, 0, 13]);
});

it('notices what a mean hides, and a color of the same brightness', () => {
  const swapped = pixelDifferences(featuresOf(image({ 0: 200, 1: 0 })), featuresOf(image({ 0: 0, 1: 200 })));
  expect(swapped[0]! * 255).toBeCloseTo(100, 5);
  const red = image();
  red.pixels.set([161, 69, 100], 0);
  const tinted = pixelDifferences(featuresOf(image()), featuresOf(red));
  expect(tinted[0]! * 255).toBeCloseTo(15, 0);
});

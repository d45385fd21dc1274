import { expect, it } from 'vitest';
import { changesBetween, type RgbImage } from '@pentimento/imaging';
import { summariseColour } from './colour.ts';
import { cellMeans } from './pixel-cells.ts';
import { lumaOf } from './shift.ts';

/** Waves of colour, so that no two places are alike. */
function waves(width: number, height: number): RgbImage {
  const pixels = Uint8Array.from(
    { length: width * height * 3 },
    (_, index) => 128 + 90 * Math.sin(index / 7 + (index / width) * 0.3),
  );
  return { width, height, pixels };
}

function withBox({ width, height, pixels }: RgbImage, left: number, top: number, side: number): RgbImage {
  const painted = Uint8Array.from(pixels);
  for (let y = top; y < top + side; y++) painted.fill(250, (y * width + left) * 3, (y * width + left + side) * 3);
  return { width, height, pixels: painted };
}

it.each([
  [640, 480, 300, 200, 20],
  [701, 333, 690, 0, 11],
  [300, 2100, 0, 2095, 5],
  [2600, 1300, 1290, 640, 30],
])('summarises a changed %i x %i image alike from scratch and from its changes', (width, height, left, top, side) => {
  const image = waves(width, height);
  const other = withBox(image, left, top, side);
  const changes = changesBetween(image, other);
  expect(lumaOf(other, { luma: lumaOf(image), changes })).toEqual(lumaOf(other));
  expect(cellMeans(other, { cells: cellMeans(image), changes })).toEqual(cellMeans(other));
  expect(summariseColour(other, { summary: summariseColour(image), changes })).toEqual(summariseColour(other));
});

import { expect, it } from 'vitest';
import { changedWithin, changesBetween } from './changes.ts';
import { tileAreas } from './grid.ts';
import type { RgbImage } from '../image.ts';
import { changedCrops, tilesOf } from './tiling.ts';

/** Waves of color, so that no two regions are equal. */
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

it('reports the blocks that changed', () => {
  const image = waves(100, 50);
  const changes = changesBetween(image, withBox(image, 40, 20, 3));
  expect([changes.columns, changes.rows, [...changes.changed].filter((changed) => changed === 1).length]).toEqual([
    7, 4, 1,
  ]);
  expect(changedWithin(changes, 32, 16, 48, 32)).toBe(true);
  expect(changedWithin(changes, 0, 0, 32, 50)).toBe(false);
  expect(changedWithin(changesBetween(image, image), -9, -9, 200, 200)).toBe(false);
});

it.each([
  [640, 480, 300, 200, 20],
  [701, 333, 690, 0, 11],
  [300, 2100, 0, 2095, 5],
  [2600, 1300, 1290, 640, 30],
])('cuts the same tiles of a %i x %i image from its changes as from scratch', (width, height, left, top, side) => {
  const image = waves(width, height);
  const other = withBox(image, left, top, side);
  const changes = changesBetween(image, other);
  const changed = changedCrops(changes, image);
  const tiles = new Map(tilesOf(image).map(({ index, pixels }) => [index, pixels]));
  const made = new Map(tilesOf(other, changed, { tiles, changes }).map(({ index, pixels }) => [index, pixels]));
  expect(changed.size).toBeLessThan(tileAreas(image).length);
  for (const { index, pixels } of tilesOf(other)) {
    expect(Buffer.compare(made.get(index) ?? tiles.get(index)!, pixels), `tile ${index}`).toBe(0);
  }
});

import sharp from 'sharp';
import { afterAll, expect, it } from 'vitest';
import { blank } from '@pentimento/imaging/testing';
import { createReward } from './reward.ts';

const reward = createReward();
afterAll(() => reward.close());

/**
 * The embedded encoder takes the spatial mean off each group of its features, so that two flat tiles of any
 * colors look alike to it: the color term and the map must show the difference.
 */
it.each([
  ['white', '#1976c8'],
  ['#f5f5f5', '#ffd54f'],
  ['#1976c8', '#26994f'],
])('a large flat region that is %s instead of %s lowers color and map', async (wrong, right) => {
  const page = await blank({ width: 896, height: 896 }, 'white');
  const region = { x: 0, y: 448, width: 896, height: 448 };
  const withRegion = async (color: string) =>
    sharp(page)
      .composite([{ input: await blank(region, color), left: region.x, top: region.y }])
      .png()
      .toBuffer();
  const input = { target: await withRegion(right), render: await withRegion(wrong), alignment: 1 } as const;
  const { terms, map, tiles } = await reward.score(input, new AbortController().signal);
  expect(tiles[2]!.score).toBeGreaterThan(0.9);
  expect(terms.color).toBeLessThan(0.9);
  const { columns, rows, scores } = map!;
  const within = scores.filter((_, cell) => Math.floor(cell / columns) > rows / 2);
  const outside = scores.filter((_, cell) => Math.floor(cell / columns) < rows / 2 - 1);
  expect(Math.max(...within)).toBeLessThan(0.95);
  expect(Math.min(...outside)).toBe(1);
});

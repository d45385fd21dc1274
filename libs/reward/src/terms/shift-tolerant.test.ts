import { expect, it } from 'vitest';
import { decodeImage, type RgbImage } from '@pentimento/imaging';
import { blur, example, shift } from '@pentimento/imaging/testing';
import { lumaOf, type Luma } from '../features/luma.ts';
import { similarityAtBestShift } from './shift-tolerant.ts';

const lumaFrom = async (bytes: Uint8Array) => lumaOf(await decodeImage(bytes, 'target'));

function pattern(width: number, height: number, value: (x: number, y: number) => number): Luma {
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) pixels.fill(value(x, y), (y * width + x) * 3, (y * width + x) * 3 + 3);
  }
  return lumaOf({ width, height, pixels });
}

const noise = (x: number, y: number) => ((x >> 2) * 7919 + (y >> 2) * 104_729 + (x >> 2) * (y >> 2) * 31) % 251;

it('mixes R, G and B by BT.601', () => {
  const image: RgbImage = { width: 3, height: 1, pixels: Uint8Array.of(255, 0, 0, 0, 255, 0, 10, 20, 30) };
  expect([...lumaOf(image).values]).toEqual([76, 150, 18]);
});

it('averages large images by a whole factor', () => {
  const large = pattern(2000, 1200, (x) => (x % 2) * 100);
  expect(large).toMatchObject({ width: 1000, height: 600, factor: 2 });
  expect(large.values.every((value) => value === 50)).toBe(true);
});

it('is exactly 1 without a shift for equal images, blank ones and single pixels too', () => {
  for (const luma of [pattern(100, 80, noise), pattern(64, 64, () => 255), pattern(1, 1, () => 3)]) {
    expect(similarityAtBestShift(luma, luma)).toEqual({ value: 1, shift: { x: 0, y: 0 } });
  }
});

it.each([
  [3, 0],
  [-5, 2],
  [0, -8],
  [7, 7],
  [-1, 1],
])('finds a shift of %i, %i px', (x, y) => {
  const moved = pattern(160, 120, (column, row) => noise(column - x + 400, row - y + 400));
  const found = similarityAtBestShift(
    pattern(160, 120, (column, row) => noise(column + 400, row + 400)),
    moved,
  );
  expect(found).toEqual({ value: 1, shift: { x, y } });
});

it('gives the shift in pixels of the image where the luma is smaller', () => {
  const at = (x: number) => pattern(2000, 1200, (column, row) => noise((column - x + 400) >> 2, (row + 400) >> 2));
  expect(similarityAtBestShift(at(0), at(6)).shift).toEqual({ x: 6, y: 0 });
});

it('is lower the worse the pixels are, shifted or not, and low for unlike images', async () => {
  const target = await lumaFrom(example('badge'));
  const scores = [1];
  for (const sigma of [0.8, 2.5, 8]) {
    const blurred = await blur(example('badge'), sigma);
    const still = similarityAtBestShift(target, await lumaFrom(blurred)).value;
    const moved = similarityAtBestShift(target, await lumaFrom(await shift(blurred, 3)));
    expect(moved.value).toBeCloseTo(still, 1);
    scores.push(still);
  }
  expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  const noisy = pattern(target.width, target.height, (x, y) => noise(x * 4, y * 4));
  expect(similarityAtBestShift(target, noisy).value).toBeLessThan(0.3);
});

it('is never lower than without a shift', async () => {
  const [target, other] = [await lumaFrom(example('caffeine')), await lumaFrom(example('penicillin'))];
  const { value, shift: best } = similarityAtBestShift(target, other);
  expect(value).toBeGreaterThan(0);
  expect(Math.max(Math.abs(best.x), Math.abs(best.y))).toBeLessThanOrEqual(8);
});

import { describe, expect, it } from 'vitest';
import { plainResize } from '../testing/plain-resize.ts';
import { axisWeights } from './axis-weights.ts';
import type { RgbImage } from '../image.ts';
import { resizeBicubic, resizeInBlocks } from './resample.ts';

it('returns an image of the same size unchanged', () => {
  const image = { width: 2, height: 1, pixels: Uint8Array.of(1, 2, 3, 250, 251, 252) };
  expect(resizeBicubic(image, { width: 2, height: 1 })).toBe(image);
});

it.each([
  [5, 448],
  [448, 5],
  [1, 7],
  [640, 641],
])('gives weights from %i source pixels that sum to 1 for each of %i', (from, to) => {
  const { weights, stride } = axisWeights(from, to);
  for (let index = 0; index < to; index++) {
    const sum = weights.subarray(index * stride, (index + 1) * stride).reduce((total, weight) => total + weight, 0);
    expect(Math.abs(sum - 2 ** 22)).toBeLessThanOrEqual(stride);
  }
});

it('clamps the overshoot at an edge', () => {
  const pixels = Uint8Array.of(0, 0, 0, 255, 255, 255);
  const { pixels: wide } = resizeBicubic({ width: 2, height: 1, pixels }, { width: 8, height: 1 });
  expect([...wide.filter((_, index) => index % 3 === 0)]).toEqual([0, 0, 22, 89, 166, 233, 255, 255]);
});

describe('the WebAssembly gives the bytes of the plain implementation', () => {
  const random = generator(7);

  it.each(Array.from({ length: 60 }, (_, index) => index))('for random sizes, %i', (index) => {
    const [width, height, toWidth, toHeight] = [0, 1, 2, 3].map(
      () => 1 + Math.floor(random() ** 3 * (index < 50 ? 200 : 2200)),
    );
    const image = noise(width!, height!, index % 3 === 0 ? 2 : 256);
    const size = { width: toWidth!, height: toHeight! };
    expect(Buffer.compare(resizeBicubic(image, size).pixels, plainResize(image, size).pixels)).toBe(0);
  });

  it.each([
    [3000, 1, 1, 3000],
    [1, 3000, 3000, 1],
    [1025, 65, 1024, 64],
  ])('of %i x %i to %i x %i', (width, height, toWidth, toHeight) => {
    const image = noise(width, height, 256);
    const size = { width: toWidth, height: toHeight };
    expect(Buffer.compare(resizeBicubic(image, size).pixels, plainResize(image, size).pixels)).toBe(0);
  });

  /** Noise of few levels has the strongest overshoot. */
  function noise(width: number, height: number, levels: number): RgbImage {
    const level = () => Math.floor(random() * levels) * (255 / (levels - 1));
    return { width, height, pixels: Uint8Array.from({ length: width * height * 3 }, level) };
  }
});

it('gives blocks that cover every pixel once, each within one tile', () => {
  const seen = new Uint8Array(1344 * 896);
  const image = { width: 30, height: 700, pixels: new Uint8Array(30 * 700 * 3) };
  resizeInBlocks(image, { width: 1344, height: 896 }, 448, ({ left, top, width, height, bytes }) => {
    expect(bytes).toHaveLength(width * height * 3);
    expect([left % 448, Math.floor(top / 448)]).toEqual([0, Math.floor((top + height - 1) / 448)]);
    for (let y = top; y < top + height; y++) {
      for (let x = left; x < left + width; x++) seen[y * 1344 + x]!++;
    }
  });
  expect(seen.every((times) => times === 1)).toBe(true);
});

/** Numbers in 0..1, the same each time (mulberry32). */
function generator(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

import { expect, it } from 'vitest';
import { axisWeights } from './axis-weights.ts';
import { flattenOnWhite } from './image.ts';
import { resizeBicubic } from './resample.ts';

it('leaves an image of the same size as it is', () => {
  const image = { width: 2, height: 1, pixels: Uint8Array.of(1, 2, 3, 250, 251, 252) };
  expect(resizeBicubic(image, { width: 2, height: 1 })).toBe(image);
});

it.each([
  [5, 448],
  [448, 5],
  [1, 7],
  [640, 641],
])('weighs %i source pixels to one for each of %i', (from, to) => {
  const { weights, stride } = axisWeights(from, to);
  for (let index = 0; index < to; index++) {
    const sum = weights.subarray(index * stride, (index + 1) * stride).reduce((total, weight) => total + weight, 0);
    expect(Math.abs(sum - 2 ** 22)).toBeLessThanOrEqual(stride);
  }
});

it('overshoots a step only within a byte', () => {
  const pixels = Uint8Array.of(0, 0, 0, 255, 255, 255);
  const { pixels: wide } = resizeBicubic({ width: 2, height: 1, pixels }, { width: 8, height: 1 });
  expect([...wide.filter((_, index) => index % 3 === 0)]).toEqual([0, 0, 22, 89, 166, 233, 255, 255]);
});

it('lays transparency on white', () => {
  const rgba = Uint8Array.of(10, 20, 30, 255, 10, 20, 30, 0, 0, 100, 255, 128);
  expect([...flattenOnWhite(rgba)]).toEqual([10, 20, 30, 255, 255, 255, 127, 177, 255]);
});

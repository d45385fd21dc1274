import { expect, it } from 'vitest';
import { aspectNearness, sizeNearness } from './size.ts';

const target = { width: 400, height: 300 };

it.each([
  [400, 300, 1, 1],
  [200, 150, 0.25, 1],
  [800, 600, 0.25, 1],
  [400, 600, 0.5, 0.5],
  [800, 150, 0.5, 0.25],
  [300, 400, 0.75, 0.5625],
  [1, 1, 1 / 120_000, 0.75],
])('compares 400 x 300 px with %i x %i px', (width, height, size, aspect) => {
  expect(sizeNearness(target, { width, height })).toBeCloseTo(size, 12);
  expect(aspectNearness(target, { width, height })).toBeCloseTo(aspect, 12);
  expect(aspectNearness({ width, height }, target)).toBeCloseTo(aspect, 12);
});

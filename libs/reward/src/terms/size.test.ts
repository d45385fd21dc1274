import { expect, it } from 'vitest';
import { aspect, size } from './size.ts';

const target = { width: 400, height: 300 };

it.each([
  [400, 300, 1, 1],
  [200, 150, 0.25, 1],
  [800, 600, 0.25, 1],
  [400, 600, 0.5, 0.5],
  [800, 150, 0.5, 0.25],
  [300, 400, 0.75, 0.5625],
  [1, 1, 1 / 120_000, 0.75],
])('compares 400 x 300 px with %i x %i px', (width, height, ofSize, ofAspect) => {
  expect(size.compute(target, { width, height })).toBeCloseTo(ofSize, 12);
  expect(aspect.compute(target, { width, height })).toBeCloseTo(ofAspect, 12);
  expect(aspect.compute({ width, height }, target)).toBeCloseTo(ofAspect, 12);
});

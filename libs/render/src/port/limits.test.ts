import { expect, it } from 'vitest';
import { fitWithinLimits, isWithinLimits } from './limits.ts';

it('leaves a size within the limits as it is', () => {
  expect(fitWithinLimits({ width: 8000, height: 5000 })).toEqual({ width: 8000, height: 5000 });
});

it.each([
  [16_384, 16],
  [9000, 9000],
  [300, 100_000],
])('scales %i x %i down to the limits and keeps the proportions', (width, height) => {
  const fitted = fitWithinLimits({ width, height });
  expect(isWithinLimits(fitted)).toBe(true);
  expect(fitted.width / fitted.height / (width / height)).toBeCloseTo(1, 0);
});

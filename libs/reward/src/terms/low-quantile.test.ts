import { expect, it } from 'vitest';
import { lowQuantile } from './low-quantile.ts';

/** The values are numpy's `quantile(scores, 0.1)`. */
it.each([
  [[0.7], 0.7],
  [[1, 0], 0.1],
  [[0.9, 0.5, 1], 0.58],
  [[1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0], 0.1],
  [[0.2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0.4], 0.52],
])('of the scores %j is %d', (scores, wanted) => {
  const original = [...scores];
  expect(lowQuantile.compute(original)).toBeCloseTo(wanted, 12);
  expect(original).toEqual(scores);
});

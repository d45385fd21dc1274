import { expect, it } from 'vitest';
import { scorePosition, scoreTicks } from './scoreScale.ts';

it('goes from the lowest score to 1, and clamps what is below', () => {
  expect([0.4, 0.2, 1].map((score) => scorePosition(score, 0.4))).toEqual([0, 0, 1]);
});

it('gives the last hundredth as much room as it has to the eye', () => {
  const [good, better, done] = [0.9, 0.95, 0.995].map((score) => scorePosition(score, 0.4));
  expect(done! - better!).toBeGreaterThan(better! - good!);
});

it('marks the lowest score and the upper end', () => {
  expect(scoreTicks(0.6)).toEqual([0.6, 0.9, 0.95, 0.99, 1]);
  expect(scoreTicks(0.9)).toEqual([0.9, 0.95, 0.99, 1]);
});

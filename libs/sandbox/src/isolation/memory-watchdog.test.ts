import { expect, it } from 'vitest';
import { periodFor } from './memory-watchdog.ts';

const gibibyte = 2 ** 30;

it('looks again before what is left can be filled, and never more often than a look takes', () => {
  expect(periodFor(gibibyte, 0)).toBeGreaterThan(periodFor(gibibyte / 4, 0));
  expect(periodFor(0, 0)).toBe(5);
  expect(periodFor(0, 40)).toBe(40);
  expect(periodFor(1000 * gibibyte, 0)).toBe(500);
});

import { describe, expect, it } from 'vitest';
import { formatAge, formatBytes, formatChange, formatDuration, formatScore } from './format.ts';

it('gives a score three decimals', () => {
  expect([0.8714, 0.57, 1, 0].map((score) => formatScore(score))).toEqual(['0.871', '0.570', '1.000', '0.000']);
});

it('never rounds a score up to the threshold that it missed', () => {
  expect([0.9496, 0.95, 0.9493, 0.9996].map((score) => formatScore(score, 0.95))).toEqual([
    '0.949',
    '0.950',
    '0.949',
    '1.000',
  ]);
  expect(formatScore(0.9996, 1)).toBe('0.999');
});

describe('formatChange', () => {
  it('always has a sign', () => {
    expect([0.041, -0.003, 0, -0.0001].map(formatChange)).toEqual(['+0.041', '−0.003', '±0.000', '±0.000']);
  });
});

describe('formatDuration', () => {
  it('uses the unit that fits', () => {
    expect([0, 999, 3140, 9960, 28_400, 59_960, 125_000, 3_840_000].map(formatDuration)).toEqual([
      '0 ms',
      '999 ms',
      '3.1 s',
      '10 s',
      '28 s',
      '1 min 00 s',
      '2 min 05 s',
      '1 h 04 min',
    ]);
  });
});

describe('formatAge', () => {
  const now = Date.parse('2026-11-23T12:00:00Z');
  it('uses one unit, and shows a time in the future as now', () => {
    const ages = ['2026-11-23T12:00:09Z', '2026-11-23T11:59:20Z', '2026-11-23T11:01:00Z', '2026-11-20T12:00:00Z'];
    expect(ages.map((then) => formatAge(then, now))).toEqual(['now', '40 s', '59 min', '3 d']);
  });
});

it('formats bytes', () => {
  expect([12, 2048, 3 * 1024 ** 2, 5.25 * 1024 ** 3].map(formatBytes)).toEqual(['12 B', '2 KB', '3.0 MB', '5.3 GB']);
});

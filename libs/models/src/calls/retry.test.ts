import { describe, expect, it } from 'vitest';
import { maxAttempts, retryAfter, waitBefore } from './retry.ts';

const now = Date.parse('2026-11-20T12:00:00Z');

describe('retryAfter', () => {
  it.each<[string, Record<string, string>, number | null]>([
    ['seconds', { 'retry-after': '7' }, 7_000],
    ['zero', { 'retry-after': '0' }, 0],
    ['a fraction', { 'retry-after': ' 1.5 ' }, 1_500],
    ['an HTTP date', { 'retry-after': 'Fri, 20 Nov 2026 12:00:20 GMT' }, 20_000],
    ['a date that is over', { 'retry-after': 'Fri, 20 Nov 2026 11:00:00 GMT' }, 0],
    ['milliseconds, before seconds', { 'retry-after-ms': '250', 'retry-after': '1' }, 250],
    ['nothing', {}, null],
    ['nonsense', { 'retry-after': 'soon' }, null],
    ['a negative number', { 'retry-after-ms': '-5' }, null],
  ])('reads %s', (_, headers, expected) => {
    expect(retryAfter(headers, now)).toBe(expected);
  });
});

describe('waitBefore', () => {
  it('doubles from one second', () => {
    expect([1, 2, 3].map((attempts) => waitBefore({ afterMs: null }, attempts, () => 0))).toEqual([1000, 2000, 4000]);
  });

  it('takes up to half away at random', () => {
    expect(waitBefore({ afterMs: null }, 2, () => 1)).toBe(1000);
  });

  it("keeps to the server's wait, up to a minute", () => {
    expect(waitBefore({ afterMs: 7_000 }, 3, () => 1)).toBe(7_000);
    expect(waitBefore({ afterMs: 3_600_000 }, 1, () => 0)).toBe(60_000);
  });

  it('ends after the last attempt, and immediately where a retry is useless', () => {
    expect(waitBefore({ afterMs: 1 }, maxAttempts, () => 0)).toBeNull();
    expect(waitBefore('never', 1, () => 0)).toBeNull();
  });
});

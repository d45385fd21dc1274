import { describe, expect, it } from 'vitest';
import { textSimilarity } from './text.ts';

it.each([
  ['', '', 1],
  ['', 'abc', 0],
  ['kitten', 'sitting', 1 - 3 / 7],
  ['Total 48,317', 'Total 92,605', 1 - 5 / 12],
  ['Price', 'price', 0.8],
  ['a', 'b', 0],
])('compares %j and %j', (target, render, wanted) => {
  expect(textSimilarity(target, render)).toBeCloseTo(wanted, 12);
  expect(textSimilarity(render, target)).toBeCloseTo(wanted, 12);
});

it('treats white space of any kind and length as one space, and ignores it at the ends', () => {
  expect(textSimilarity('\n Sales\u00a0by\t\tregion ', 'Sales by\r\nregion')).toBe(1);
  expect(textSimilarity('  ', '')).toBe(1);
});

it('compares characters as people do, in any Unicode form', () => {
  expect(textSimilarity('caf\u00e9', 'cafe\u0301')).toBe(1);
  expect(textSimilarity('😀😀😀😀', '😀😀😁😀')).toBe(0.75);
  expect(textSimilarity('日本語', '日本酒')).toBeCloseTo(2 / 3, 12);
});

it('is low for other words of the same length', () => {
  expect(textSimilarity('Quarterly revenue', 'Unrelated nonsens')).toBeLessThan(0.4);
});

describe('a long text', () => {
  const words = (count: number, word: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => word(index)).join(' ');

  it('is compared by words above 32,768 characters', { timeout: 60_000 }, () => {
    const long = words(9000, (index) => `word${index}`);
    const changed = words(9000, (index) => (index % 10 === 0 ? `wird${index}` : `word${index}`));
    expect(textSimilarity(long, changed)).toBeCloseTo(0.9, 12);
    expect(textSimilarity(long, long)).toBe(1);
  });

  it('is compared by the bag of its words where there are very many', () => {
    const short = words(30_000, (index) => String(index % 7));
    const huge = words(60_000, (index) => String(index % 7));
    expect(textSimilarity(short, huge)).toBeCloseTo(0.5, 2);
  });
});

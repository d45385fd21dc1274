import { describe, expect, it } from 'vitest';
import { colorsFor, otherColors, otherHex } from './colors.ts';
import { moved, otherNumbers, scaled } from './numbers.ts';
import { otherTexts } from './words.ts';

describe('otherNumbers', () => {
  it.each([
    ['62.5', ['93.8', '31.3', '72.5', '26.5']],
    ['.5', ['.8', '.3', '.6']],
    ['0', ['1']],
    ['7', ['11', '4', '8']],
    ['60', ['90', '30', '70']],
    ['120', ['180', '60', '220', '210']],
  ])('gives other values for %s as code writes them', (text, others) => {
    expect(otherNumbers(text)).toEqual(others);
  });

  it('leaves exponents alone', () => {
    expect(otherNumbers('1e5')).toEqual([]);
  });
});

describe('scaled and moved', () => {
  it('keep the exactness of the number', () => {
    expect(scaled('10', [0.5, 1.5])).toEqual(['5', '15']);
    expect(scaled('.8', [0.5, 2])).toEqual(['.4', '1.6']);
    expect(scaled('0', [2])).toEqual([]);
    expect(moved('3', [0.5, -4])).toEqual(['3.5', '-1']);
  });
});

describe('otherTexts', () => {
  it('makes a word wrong in several ways', () => {
    expect(otherTexts('score of Refinement')).toEqual([
      'score of Refienment',
      'score of Refinment',
      'score of Sample',
      'score of',
    ]);
  });

  it('keeps the case of a word that it replaces', () => {
    expect(otherTexts('TOTAL')).toContain('GROUP');
    expect(otherTexts('sales')).toContain('value');
  });

  it('spares what is fixed, and texts without words', () => {
    expect(otherTexts('$alpha$', /\$[^$]*\$/g)).toEqual([]);
    expect(otherTexts('3.5 %')).toEqual([]);
    expect(otherTexts('aaa')).not.toContain('aaa');
  });

  it('knows letters of other scripts', () => {
    expect(otherTexts('中文标题')).toContain('中标文题');
    expect(otherTexts('Größe')).toContain('Grße');
  });
});

describe('otherColors', () => {
  const distance = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, index) => sum + Math.abs(value - b[index]!), 0);

  it('keeps the notation', () => {
    expect(otherColors('#fff').every((color) => /^#[0-9a-f]{6}$/.test(color))).toBe(true);
    expect(otherColors('#11223380').every((color) => /^#[0-9a-f]{6}80$/.test(color))).toBe(true);
    expect(otherColors('rgba(91,91,214,.18)')[0]).toMatch(/^rgba\(\d+, \d+, \d+,\.18\)$/);
    expect(otherColors('rgb(1 2 3)')[0]).toMatch(/^rgb\(\d+ \d+ \d+\)$/);
    expect(otherColors('steelblue')).toContain('red');
    expect(otherHex('2A9D8F').every((digits) => digits === digits.toUpperCase())).toBe(true);
  });

  it('gives colors that are told apart', () => {
    for (const rgb of [
      [255, 255, 255],
      [0, 0, 0],
      [31, 119, 180],
      [128, 128, 128],
    ] as const) {
      const others = colorsFor(rgb);
      expect(others.length).toBeGreaterThanOrEqual(3);
      for (const other of others) expect(distance(other, rgb)).toBeGreaterThanOrEqual(75);
    }
  });

  it('knows no other color for what is none', () => {
    expect(otherColors('url(#g)')).toEqual([]);
    expect(otherColors('var(--x)')).toEqual([]);
  });
});

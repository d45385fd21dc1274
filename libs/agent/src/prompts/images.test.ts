import { describe, expect, it } from 'vitest';
import { partsOf } from './images.ts';

describe('the parts of a target', () => {
  it.each([
    ['a screenshot', { width: 1280, height: 720 }],
    ['a large chart', { width: 1600, height: 1200 }],
    ['a pixel', { width: 1, height: 1 }],
  ])('are none for %s, which is legible as a whole', (_, size) => {
    expect(partsOf(size)).toEqual([]);
  });

  it('of a long page are in its own size, one below the other', () => {
    const parts = partsOf({ width: 1280, height: 9000 });
    expect(parts).toHaveLength(8);
    expect(parts.every(({ x, width, height }) => x === 0 && width === 1280 && height === 1125)).toBe(true);
  });

  it.each([
    { width: 2000, height: 900 },
    { width: 4000, height: 4000 },
    { width: 8192, height: 30 },
    { width: 1701, height: 8191 },
  ])('of $width x $height cover it once, and are at most 8', (size) => {
    const parts = partsOf(size);
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.length).toBeLessThanOrEqual(8);
    const covered = parts.reduce((sum, { width, height }) => sum + width * height, 0);
    expect(covered).toBe(size.width * size.height);
    expect(Math.max(...parts.map(({ x, width }) => x + width))).toBe(size.width);
    expect(Math.max(...parts.map(({ y, height }) => y + height))).toBe(size.height);
  });
});

import { describe, expect, it } from 'vitest';
import { gridFor, tileAreas } from './grid.ts';

describe('gridFor', () => {
  it.each([
    [640, 480, 4, 3],
    [800, 600, 4, 3],
    [1024, 768, 4, 3],
    [1280, 720, 4, 2],
    [1920, 1080, 4, 2],
    [1280, 800, 3, 2],
    [1440, 900, 3, 2],
    [1000, 600, 3, 2],
    [336, 336, 1, 1],
    [633, 633, 1, 1],
    [634, 634, 2, 2],
    [2000, 2000, 3, 3],
    [390, 844, 1, 2],
    [1200, 3731, 2, 6],
    [7, 3, 5, 2],
    [1, 1, 1, 1],
    [1, 16_000, 1, 12],
    [16_000, 1, 12, 1],
  ])('divides %i x %i px into %i x %i tiles', (width, height, columns, rows) => {
    expect(gridFor(width, height)).toEqual({ columns, rows });
  });
});

describe('tileAreas', () => {
  it('goes row by row and ends with the thumbnail over the whole target', () => {
    expect(tileAreas({ width: 640, height: 480 }).map(({ level, box }) => [level, ...Object.values(box)])).toEqual([
      ...[0, 160, 320].flatMap((y) => [0, 160, 320, 480].map((x) => ['tile', x, y, 160, 160])),
      ['thumbnail', 0, 0, 640, 480],
    ]);
  });

  it('is one tile without a thumbnail where the grid is one tile', () => {
    expect(tileAreas({ width: 48, height: 48 })).toEqual([
      { index: 0, level: 'tile', box: { x: 0, y: 0, width: 48, height: 48 } },
    ]);
  });

  it.each([
    { width: 1201, height: 803 },
    { width: 1000, height: 601 },
    { width: 641, height: 479 },
  ])('covers every pixel of $width x $height px once', (size) => {
    const tiles = tileAreas(size).filter(({ level }) => level === 'tile');
    const area = tiles.reduce((sum, { box }) => sum + box.width * box.height, 0);
    expect(area).toBe(size.width * size.height);
    expect(tiles.at(-1)!.box.x + tiles.at(-1)!.box.width).toBe(size.width);
    expect(tiles.at(-1)!.box.y + tiles.at(-1)!.box.height).toBe(size.height);
  });

  it.each([
    { width: 7, height: 3 },
    { width: 1, height: 5 },
    { width: 2, height: 1 },
  ])('gives boxes of whole pixels inside $width x $height px', ({ width, height }) => {
    for (const { box } of tileAreas({ width, height })) {
      expect(box.width).toBeGreaterThanOrEqual(1);
      expect(box.height).toBeGreaterThanOrEqual(1);
      expect(box.x + box.width).toBeLessThanOrEqual(width);
      expect(box.y + box.height).toBeLessThanOrEqual(height);
    }
  });
});

import { describe, expect, it } from 'vitest';
import type { Box, ScoreMap } from '@pentimento/contracts';
import { regressedRegions } from './changes.ts';
import { scoreIn } from './grid.ts';
import { selectPatches } from './select.ts';

const size = { width: 640, height: 480 };

function mapWith(columns: number, rows: number, bad: Record<number, number>): ScoreMap {
  return { columns, rows, scores: Array.from({ length: columns * rows }, (_, cell) => bad[cell] ?? 1) };
}

function select(map: ScoreMap, options: { tried?: Box[]; count?: number; before?: ScoreMap } = {}) {
  return selectPatches({
    map,
    size,
    count: options.count ?? 4,
    before: options.before ?? null,
    tried: options.tried ?? [],
  });
}

describe('selectPatches', () => {
  it('finds nothing where nothing is lost', () => {
    expect(select(mapWith(8, 6, {}))).toEqual([]);
  });

  it('merges neighboring bad cells to one box, and says its share of the lost score', () => {
    const patches = select(mapWith(8, 6, { 9: 0.2, 18: 0.4, 47: 0.9 }));
    expect(patches).toEqual([
      {
        rank: 1,
        box: { x: 80, y: 80, width: 160, height: 160 },
        score: 0.65,
        lostShare: expect.closeTo(1.4 / 1.5),
        change: null,
      },
    ]);
  });

  it('ranks separate regions by the score lost in them', () => {
    const boxes = select(mapWith(8, 6, { 0: 0.6, 7: 0.3, 40: 0.5, 41: 0.5 })).map((patch) => [
      patch.box.x,
      patch.box.y,
    ]);
    expect(boxes).toEqual([
      [0, 400],
      [560, 0],
      [0, 0],
    ]);
  });

  it('joins groups that fill two fifths of the box around them, such as the letters of a word, and no others', () => {
    const letters = [41, 43, 45].flatMap((cell) => [cell, cell + 32]);
    const bad = Object.fromEntries([...letters, 41 + 10, 32 * 20].map((cell) => [cell, 0.5]));
    const boxes = select(mapWith(32, 24, bad)).map(({ box }) => box);
    expect(boxes).toEqual([
      { x: 180, y: 20, width: 100, height: 40 },
      { x: 380, y: 20, width: 20, height: 20 },
      { x: 0, y: 400, width: 20, height: 20 },
    ]);
  });

  it('splits a region that would cover too much of the target', () => {
    const patches = select(mapWith(8, 6, Object.fromEntries(Array.from({ length: 48 }, (_, cell) => [cell, 0.5]))), {
      count: 12,
    });
    for (const { box } of patches)
      expect(box.width * box.height).toBeLessThanOrEqual((640 * 480) / 6 + 2 * 20 * (box.width + box.height));
    expect(patches.reduce((sum, patch) => sum + patch.lostShare, 0)).toBeCloseTo(1);
  });

  it('looks elsewhere after a region was tried in vain', () => {
    const map = mapWith(8, 6, { 0: 0.3, 47: 0.5 });
    const tried = [{ x: 0, y: 0, width: 80, height: 80 }];
    expect(select(map, { count: 1 })[0]!.box.x).toBe(0);
    expect(select(map, { count: 1, tried })[0]!.box.x).toBe(560);
  });

  it('says how a patch changed since the accepted step before', () => {
    expect(select(mapWith(8, 6, { 0: 0.5 }), { before: mapWith(8, 6, { 0: 0.2 }) })[0]!.change).toBeCloseTo(0.3);
  });

  it.each([
    [1, 1],
    [64, 1],
    [1, 64],
  ])('keeps boxes inside the target on a %i x %i map', (columns, rows) => {
    const everywhere = Object.fromEntries(Array.from({ length: columns * rows }, (_, cell) => [cell, 0.1]));
    for (const { box } of select(mapWith(columns, rows, everywhere), { count: 12 })) {
      expect(box.x + box.width).toBeLessThanOrEqual(size.width);
      expect(box.y + box.height).toBeLessThanOrEqual(size.height);
    }
  });
});

describe('scoreIn', () => {
  it('weights cells by the area that the box touches', () => {
    const map = { columns: 2, rows: 1, scores: [0, 1] };
    expect(scoreIn(map, { x: 160, y: 0, width: 320, height: 10 }, size)).toBeCloseTo(0.5);
    expect(scoreIn(map, { x: 0, y: 0, width: 320, height: 480 }, size)).toBe(0);
  });
});

describe('regressedRegions', () => {
  it('names regions that fell beyond the tolerance outside the prompted patches', () => {
    const after = mapWith(8, 6, { 0: 0.5, 20: 0.7, 47: 0.97 });
    const options = { size, except: [{ x: 0, y: 0, width: 80, height: 80 }], tolerance: 0.05, count: 3 };
    expect(regressedRegions(mapWith(8, 6, {}), after, options)).toEqual([{ x: 320, y: 160, width: 80, height: 80 }]);
  });
});

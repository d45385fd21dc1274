import { describe, expect, it } from 'vitest';
import { scoreMapSchema } from '@pentimento/contracts';
import { gridFor } from '../pixels/grid.ts';
import { assembleScoreMap } from './score-map.ts';

function tiles(count: number, score: (tile: number, cell: number) => number) {
  return Array.from({ length: count }, (_, tile) => ({
    columns: 16,
    rows: 16,
    scores: Array.from({ length: 256 }, (_, cell) => score(tile, cell)),
  }));
}

describe('assembleScoreMap', () => {
  it.each([
    [48, 48, 12, 12],
    [336, 336, 16, 16],
    [640, 480, 64, 48],
    [1200, 800, 48, 32],
    [1200, 3731, 32, 64],
    [3000, 200, 64, 16],
    [7, 3, 1, 1],
    [1, 1, 1, 1],
    [40, 900, 10, 64],
  ])('covers %i x %i px with %i x %i cells', (width, height, columns, rows) => {
    const grid = gridFor(width, height);
    const map = assembleScoreMap(
      { width, height },
      grid,
      tiles(grid.columns * grid.rows, () => 1),
    );
    expect(map).toEqual({ columns, rows, scores: new Array(columns * rows).fill(1) });
    expect(scoreMapSchema.parse(map)).toEqual(map);
  });

  it('puts the cells of each tile in their place', () => {
    const score = (tile: number, cell: number) => (tile === 5 && cell === 16 * 2 + 3 ? 0 : 1);
    const map = assembleScoreMap({ width: 640, height: 480 }, { columns: 4, rows: 3 }, tiles(12, score));
    expect(map.scores.indexOf(0)).toBe((16 + 2) * 64 + 16 + 3);
    expect(map.scores.filter((value) => value < 1)).toHaveLength(1);
  });

  it('keeps the lost score of a cell that it shares out', () => {
    const score = (tile: number, cell: number) => (cell === 16 * 5 + 6 ? 0.25 : 1);
    const map = assembleScoreMap({ width: 48, height: 48 }, { columns: 1, rows: 1 }, tiles(1, score));
    const lost = map.scores.reduce((sum, value) => sum + (1 - value), 0) * (48 / map.columns) * (48 / map.rows);
    expect(lost).toBeCloseTo(0.75 * 3 * 3, 2);
  });
});

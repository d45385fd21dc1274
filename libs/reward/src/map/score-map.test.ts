import { describe, expect, it } from 'vitest';
import { scoreMapSchema, type Box, type Size } from '@pentimento/contracts';
import { mapGrid } from './map-cells.ts';
import { assembleScoreMap, type CropScores } from './score-map.ts';

const size = { width: 64, height: 32 };

/** One crop of 4 x 2 cells over 64 x 32 px, whose map has 32 x 16 cells. */
function crop(bad: Record<number, number> = {}, box: Box = { x: 0, y: 0, ...size }): CropScores {
  return { columns: 4, rows: 2, box, scores: Array.from({ length: 8 }, (_, cell) => bad[cell] ?? 1) };
}

function differing(target: Size, cells: Record<number, number>): Float32Array {
  const { columns, rows } = mapGrid(target);
  return Float32Array.from({ length: columns * rows }, (_, cell) => cells[cell] ?? 0);
}

function lost(scores: readonly number[]): [cell: number, loss: number][] {
  return scores.flatMap((score, cell) => (score < 1 ? [[cell, Math.round((1 - score) * 1e4) / 1e4]] : []));
}

describe('the grid', () => {
  it.each([
    [48, 48, 24, 24],
    [336, 336, 90, 90],
    [640, 480, 104, 78],
    [1280, 800, 114, 71],
    [1200, 3731, 51, 159],
    [1280, 8000, 36, 226],
    [7, 3, 3, 1],
    [1, 1, 1, 1],
    [65_535, 1, 4096, 1],
    [16_384, 16_384, 90, 90],
  ])('of %i x %i px has %i x %i cells', (width, height, columns, rows) => {
    expect(mapGrid({ width, height })).toEqual({ columns, rows });
    expect(columns * rows).toBeLessThanOrEqual(8192);
  });
});

describe('assembleScoreMap', () => {
  it('has no loss where no pixel differs, for any encoder score', () => {
    const crops = [crop({ 0: 0, 5: 0.3 })];
    const nothing = { columns: 32, rows: 16, scores: new Array(512).fill(1) };
    expect(assembleScoreMap({ size, crops, differences: null })).toEqual(nothing);
    const map = assembleScoreMap({ size, crops, differences: differing(size, {}) });
    expect(map).toEqual(nothing);
    expect(scoreMapSchema.parse(map)).toEqual(map);
  });

  it('takes the amount of a loss from the encoder, and where it is from the pixels', () => {
    const differences = differing(size, { 40: 0.5, 41: 0.25, 350: 0.125 });
    const { scores } = assembleScoreMap({ size, crops: [crop({ 1: 0.2 })], differences });
    expect(lost(scores)).toEqual([
      [40, 0.8],
      [41, 0.4],
      [350, 0.125],
    ]);
  });

  it('has the loss of the pixels where the encoder sees less', () => {
    const { scores } = assembleScoreMap({ size, crops: [crop({ 0: 0.9 })], differences: differing(size, { 0: 0.6 }) });
    expect(lost(scores)).toEqual([[0, 0.6]]);
  });

  it('measures a difference against those nearby only', () => {
    const differences = differing(size, { 0: 1, 9: 0.1, 8: 0.1 });
    const { scores } = assembleScoreMap({ size, crops: [crop({ 0: 0.5, 1: 0.5 })], differences });
    expect(lost(scores)).toEqual([
      [0, 1],
      [8, 0.05],
      [9, 0.5],
    ]);
  });

  it('averages crops that overlap, and leaves out what lies beyond the target', () => {
    const left = crop({ 3: 0 }, { x: 0, y: 0, width: 64, height: 64 });
    const right = crop({ 3: 0.5 }, { x: 0, y: 0, width: 64, height: 64 });
    const { scores } = assembleScoreMap({ size, crops: [left, right], differences: differing(size, { 31: 0.1 }) });
    expect(lost(scores)).toEqual([[31, 0.75]]);
  });
});

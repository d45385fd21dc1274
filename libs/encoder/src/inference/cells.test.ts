import { expect, it } from 'vitest';
import { cellSimilarities, packCells, pixelCells } from './cells.ts';

const side = 64;

function cellsOf(pixels: Uint8Array) {
  return packCells(pixelCells(pixels, side));
}

function tile(color: number): Uint8Array {
  return new Uint8Array(side * side * 3).fill(color);
}

it('gives 1 for equal pixels, also blank ones', () => {
  const white = cellSimilarities(cellsOf(tile(255)), cellsOf(tile(255)));
  expect(white).toHaveLength(256);
  expect(Math.min(...white)).toBeCloseTo(1, 6);
});

it('falls to 0 with the difference, not below', () => {
  const at = (color: number) => cellSimilarities(cellsOf(tile(255)), cellsOf(tile(color)))[0]!;
  expect(at(250)).toBeGreaterThan(at(200));
  expect(at(200)).toBeGreaterThan(at(150));
  expect(at(0)).toBe(0);
});

it('shows a difference in its own cell', () => {
  const changed = tile(255);
  const [column, row] = [9, 3];
  changed.fill(0, ((row * 4 + 1) * side + column * 4 + 1) * 3, ((row * 4 + 1) * side + column * 4 + 3) * 3);
  const scores = cellSimilarities(cellsOf(tile(255)), cellsOf(changed));
  expect([...scores].flatMap((score, cell) => (score < 0.999 ? [cell] : []))).toEqual([row * 16 + column]);
});

it('keeps the cosines of packed features', () => {
  const cells = (turn: number) => ({
    columns: 2,
    rows: 1,
    features: Float32Array.from({ length: 128 }, (_, index) => Math.sin(index * 0.7 + (index < 64 ? turn : 0))),
  });
  const [turned, same] = cellSimilarities(packCells(cells(0)), packCells(cells(0.5)));
  expect(turned).toBeCloseTo(Math.cos(0.5), 2);
  expect(same).toBe(1);
});

it('gives 0 for cells without features', () => {
  const nothing = packCells({ columns: 1, rows: 1, features: new Float32Array(4) });
  expect([...cellSimilarities(nothing, nothing)]).toEqual([0]);
});

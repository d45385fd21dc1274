import { expect, it } from 'vitest';
import { cellSimilarities, pixelCells } from './cells.ts';

const side = 64;

function tile(colour: number): Uint8Array {
  return new Uint8Array(side * side * 3).fill(colour);
}

it('finds equal pixels equal, blank or not', () => {
  const white = cellSimilarities(pixelCells(tile(255), side), pixelCells(tile(255), side));
  expect(white).toHaveLength(256);
  expect(Math.min(...white)).toBeCloseTo(1, 6);
});

it('falls to 0 with the difference and not below', () => {
  const at = (colour: number) => cellSimilarities(pixelCells(tile(255), side), pixelCells(tile(colour), side))[0]!;
  expect(at(250)).toBeGreaterThan(at(200));
  expect(at(200)).toBeGreaterThan(at(150));
  expect(at(0)).toBe(0);
});

it('puts a difference in its own cell', () => {
  const changed = tile(255);
  const [column, row] = [9, 3];
  changed.fill(0, ((row * 4 + 1) * side + column * 4 + 1) * 3, ((row * 4 + 1) * side + column * 4 + 3) * 3);
  const scores = cellSimilarities(pixelCells(tile(255), side), pixelCells(changed, side));
  expect(scores.flatMap((score, cell) => (score < 0.999 ? [cell] : []))).toEqual([row * 16 + column]);
});

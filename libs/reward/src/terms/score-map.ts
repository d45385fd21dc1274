import type { Box, ScoreMap, Size } from '@pentimento/contracts';
import type { Grid } from '../pixels/grid.ts';
import { mapGrid } from './pixel-cells.ts';

const decimals = 1e4;

/** Cell scores of a crop that an encoder saw, row-major, and where the crop lies in the target; it may reach beyond. */
export interface CropScores extends Grid {
  box: Box;
  scores: ArrayLike<number>;
}

export interface MapSources {
  size: Size;
  /** Together they cover the target. */
  crops: readonly CropScores[];
  /** How far the pixels of each cell of the map differ, 0..1; null where none do. */
  differences: Float32Array | null;
}

/**
 * The score map of a target. The encoder says how much is lost about a place, the pixels say where: a cell has lost
 * r max(e, d), where d is the difference of its pixels, e what the encoder's cells lost that lie over it, averaged by area, and r
 * is d over the largest d within one of the encoder's cells' lengths. So a cell of equal pixels has lost nothing, and a
 * difference that the encoder does not see is lost all the same. Scores are rounded to four decimals.
 */
export function assembleScoreMap({ size, crops, differences }: MapSources): ScoreMap {
  const grid = mapGrid(size);
  const scores = new Array<number>(grid.columns * grid.rows).fill(1);
  if (!differences) return { ...grid, scores };
  const losses = encoderLosses(size, grid, crops);
  const strongest = largestAround(differences, grid, encoderReach(size, grid, crops[0]!));
  differences.forEach((difference, cell) => {
    if (difference === 0) return;
    const share = difference / strongest[cell]!;
    scores[cell] = roundScore(1 - share * Math.max(losses[cell]!, difference));
  });
  return { ...grid, scores };
}

/** The length of an encoder's cell in cells of the map, across and down, at least 1. */
function encoderReach(size: Size, grid: Grid, crop: CropScores): { across: number; down: number } {
  const across = (crop.box.width / crop.columns) * (grid.columns / size.width);
  const down = (crop.box.height / crop.rows) * (grid.rows / size.height);
  return { across: Math.max(1, Math.round(across)), down: Math.max(1, Math.round(down)) };
}

/** What the encoder's cells over each cell of the map lost, averaged by area. */
function encoderLosses(size: Size, grid: Grid, crops: readonly CropScores[]): Float32Array {
  const lost = new Float32Array(grid.columns * grid.rows);
  const area = new Float32Array(grid.columns * grid.rows);
  for (const crop of crops) {
    const columns = spans(crop.box.x, crop.box.width, crop.columns, grid.columns / size.width, grid.columns);
    const rows = spans(crop.box.y, crop.box.height, crop.rows, grid.rows / size.height, grid.rows);
    rows.forEach((down, row) => {
      columns.forEach((across, column) => {
        const loss = 1 - crop.scores[row * crop.columns + column]!;
        for (const [y, height] of down) {
          for (const [x, width] of across) {
            lost[y * grid.columns + x]! += loss * width * height;
            area[y * grid.columns + x]! += width * height;
          }
        }
      });
    });
  }
  return lost.map((sum, cell) => (area[cell]! > 0 ? sum / area[cell]! : 0));
}

/** For each of a crop's cells along an axis: the map's cells that it touches, and how much of them. */
function spans(
  start: number,
  length: number,
  parts: number,
  scale: number,
  cells: number,
): [cell: number, share: number][][] {
  return Array.from({ length: parts }, (_, index) => {
    const from = Math.max(0, (start + (index * length) / parts) * scale);
    const to = Math.min(cells, (start + ((index + 1) * length) / parts) * scale);
    const touched: [number, number][] = [];
    for (let cell = Math.floor(from); cell < to; cell++) {
      touched.push([cell, Math.min(to, cell + 1) - Math.max(from, cell)]);
    }
    return touched;
  });
}

/** The largest value of the cells up to `across` to the sides and `down` above and below. */
function largestAround(
  values: Float32Array,
  { columns, rows }: Grid,
  reach: { across: number; down: number },
): Float32Array {
  const along = new Float32Array(values.length);
  const largest = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [from, to] = [Math.max(0, column - reach.across), Math.min(columns - 1, column + reach.across)];
      for (let near = from; near <= to; near++) {
        along[row * columns + column] = Math.max(along[row * columns + column]!, values[row * columns + near]!);
      }
    }
  }
  for (let row = 0; row < rows; row++) {
    const [from, to] = [Math.max(0, row - reach.down), Math.min(rows - 1, row + reach.down)];
    for (let near = from; near <= to; near++) {
      for (let column = 0; column < columns; column++) {
        const cell = row * columns + column;
        largest[cell] = Math.max(largest[cell]!, along[near * columns + column]!);
      }
    }
  }
  return largest;
}

function roundScore(score: number): number {
  return Math.min(1, Math.max(0, Math.round(score * decimals) / decimals));
}

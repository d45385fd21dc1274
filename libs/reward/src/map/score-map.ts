import type { Box, ScoreMap, Size } from '@pentimento/contracts';
import type { Grid } from '@pentimento/imaging';
import { mapGrid } from './map-cells.ts';

const decimals = 1e4;

/** Cell scores of an encoded crop, row-major, null where all are 1, and the crop's box in the target, which may extend beyond it. */
export interface CropScores extends Grid {
  box: Box;
  scores: ArrayLike<number> | null;
}

export interface MapSources {
  size: Size;
  /** Together they cover the target. */
  crops: readonly CropScores[];
  /** Difference of the pixels of each cell of the map, 0..1; null where none differ. */
  differences: Float32Array | null;
}

/**
 * The score map of a target. The encoder gives how much is lost in an area, the pixels where: the loss of a cell is r max(e, d),
 * where d is the difference of its pixels, e the mean loss of the encoder's cells over it, weighted by area, and r is d over the
 * largest d within one length of an encoder's cell. So a cell of equal pixels has no loss, and a difference that the encoder
 * does not see is a loss too. Scores are rounded to four decimals.
 */
export function assembleScoreMap({ size, crops, differences }: MapSources): ScoreMap {
  const grid = mapGrid(size);
  const scores = new Array<number>(grid.columns * grid.rows).fill(1);
  if (!differences) return { ...grid, scores };
  const losses = encoderLosses(size, grid, crops);
  const maxDifference = maxAround(differences, grid, encoderCellSize(size, grid, crops[0]!));
  differences.forEach((difference, cell) => {
    if (difference === 0) return;
    const share = difference / maxDifference[cell]!;
    scores[cell] = roundScore(1 - share * Math.max(losses[cell]!, difference));
  });
  return { ...grid, scores };
}

/** The size of an encoder's cell in cells of the map, at least 1. */
function encoderCellSize(size: Size, grid: Grid, crop: CropScores): { across: number; down: number } {
  const across = (crop.box.width / crop.columns) * (grid.columns / size.width);
  const down = (crop.box.height / crop.rows) * (grid.rows / size.height);
  return { across: Math.max(1, Math.round(across)), down: Math.max(1, Math.round(down)) };
}

/** The mean loss of the encoder's cells over each cell of the map, weighted by area. */
function encoderLosses(size: Size, grid: Grid, crops: readonly CropScores[]): Float32Array {
  const lost = new Float32Array(grid.columns * grid.rows);
  const area = new Float32Array(grid.columns * grid.rows);
  for (const { box, columns, rows, scores } of crops) {
    const across = spans(box.x, box.width, columns, grid.columns / size.width, grid.columns);
    const down = spans(box.y, box.height, rows, grid.rows / size.height, grid.rows);
    for (let i = 0; i < down.parts.length; i++) {
      const [line, from, height] = [down.cells[i]! * grid.columns, down.parts[i]! * columns, down.shares[i]!];
      for (let j = 0; j < across.parts.length; j++) {
        const [at, width] = [line + across.cells[j]!, across.shares[j]!];
        area[at]! += width * height;
        if (scores) lost[at]! += (1 - scores[from + across.parts[j]!]!) * width * height;
      }
    }
  }
  for (let cell = 0; cell < lost.length; cell++) lost[cell] = area[cell]! > 0 ? lost[cell]! / area[cell]! : 0;
  return lost;
}

/** Along an axis: which of a crop's cells overlap which of the map's, and the share of the latter, pair by pair. */
interface Spans {
  parts: number[];
  cells: number[];
  shares: number[];
}

function spans(start: number, length: number, parts: number, scale: number, cells: number): Spans {
  const touched: Spans = { parts: [], cells: [], shares: [] };
  for (let part = 0; part < parts; part++) {
    const from = Math.max(0, (start + (part * length) / parts) * scale);
    const to = Math.min(cells, (start + ((part + 1) * length) / parts) * scale);
    for (let cell = Math.floor(from); cell < to; cell++) {
      touched.parts.push(part);
      touched.cells.push(cell);
      touched.shares.push(Math.min(to, cell + 1) - Math.max(from, cell));
    }
  }
  return touched;
}

/** The largest value of the cells up to `across` to the left and right and `down` above and below. */
function maxAround(
  values: Float32Array,
  { columns, rows }: Grid,
  { across, down }: { across: number; down: number },
): Float32Array {
  const inRows = new Float32Array(values.length);
  const maxDifference = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    const line = row * columns;
    for (let column = 0; column < columns; column++) {
      const value = values[line + column]!;
      if (value === 0) continue;
      const to = line + Math.min(columns - 1, column + across);
      for (let near = line + Math.max(0, column - across); near <= to; near++) {
        if (value > inRows[near]!) inRows[near] = value;
      }
    }
  }
  for (let row = 0; row < rows; row++) {
    const to = Math.min(rows - 1, row + down);
    for (let column = 0; column < columns; column++) {
      const value = inRows[row * columns + column]!;
      if (value === 0) continue;
      for (let near = Math.max(0, row - down); near <= to; near++) {
        if (value > maxDifference[near * columns + column]!) maxDifference[near * columns + column] = value;
      }
    }
  }
  return maxDifference;
}

function roundScore(score: number): number {
  return Math.min(1, Math.max(0, Math.round(score * decimals) / decimals));
}

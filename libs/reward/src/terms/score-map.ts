import type { ScoreMap, Size } from '@pentimento/contracts';
import type { Grid } from '../pixels/grid.ts';

const maxCells = 64;
/** Least side of a cell in pixels of the target. */
const minCellSide = 4;
const decimals = 1e4;

/** Scores on a grid, row-major. */
interface Scores extends Grid {
  scores: ArrayLike<number>;
}

/**
 * The score map of a target: the cells of its tiles side by side, averaged by area onto a regular grid of at most 64 x 64
 * cells of about 4 px or more, never finer than the encoder's own cells. Scores are rounded to four decimals.
 * `tiles` has the grid's tiles row by row, without the thumbnail.
 */
export function assembleScoreMap(size: Size, grid: Grid, tiles: readonly Scores[]): ScoreMap {
  const joined = joinTiles(grid, tiles);
  const columns = cellsAlong(size.width, joined.columns);
  const rows = cellsAlong(size.height, joined.rows);
  const across = averageRows(joined, columns);
  const scores = transpose(averageRows(transpose(across), rows)).scores;
  return { columns, rows, scores: Array.from(scores, roundScore) };
}

function cellsAlong(length: number, available: number): number {
  return Math.max(1, Math.min(maxCells, available, Math.floor(length / minCellSide)));
}

function joinTiles(grid: Grid, tiles: readonly Scores[]): Scores {
  const { columns: tileColumns, rows: tileRows } = tiles[0]!;
  const columns = grid.columns * tileColumns;
  const rows = grid.rows * tileRows;
  const scores = new Float64Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const tile = tiles[Math.floor(row / tileRows) * grid.columns + Math.floor(column / tileColumns)]!;
      scores[row * columns + column] = tile.scores[(row % tileRows) * tileColumns + (column % tileColumns)]!;
    }
  }
  return { columns, rows, scores };
}

/** Each output cell is the mean of the part of the row that it covers. */
function averageRows(source: Scores, columns: number): Scores {
  const scores = new Float64Array(columns * source.rows);
  const scale = source.columns / columns;
  for (let row = 0; row < source.rows; row++) {
    for (let column = 0; column < columns; column++) {
      scores[row * columns + column] = meanOver(source, row, column * scale, (column + 1) * scale);
    }
  }
  return { columns, rows: source.rows, scores };
}

function meanOver({ scores, columns }: Scores, row: number, start: number, end: number): number {
  let sum = 0;
  let length = 0;
  for (let column = Math.floor(start); column < Math.min(end, columns); column++) {
    const covered = Math.min(column + 1, end) - Math.max(column, start);
    sum += covered * scores[row * columns + column]!;
    length += covered;
  }
  return sum / length;
}

function transpose({ columns, rows, scores }: Scores): Scores {
  const turned = new Float64Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) turned[column * rows + row] = scores[row * columns + column]!;
  }
  return { columns: rows, rows: columns, scores: turned };
}

function roundScore(score: number): number {
  return Math.min(1, Math.max(0, Math.round(score * decimals) / decimals));
}

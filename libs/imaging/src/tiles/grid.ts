import type { Box, Size } from '@pentimento/contracts';

/** Side of a tile in pixels. */
export const tileSide = 448;
const maxTiles = 12;

export interface Grid {
  columns: number;
  rows: number;
}

/** Every grid of at most 12 tiles, by their number. */
const candidates: readonly Grid[] = Array.from({ length: maxTiles }, (_, index) => index + 1).flatMap((tiles) =>
  Array.from({ length: tiles }, (_, index) => ({ columns: index + 1, rows: tiles / (index + 1) })).filter(({ rows }) =>
    Number.isInteger(rows),
  ),
);

/**
 * The grid of 448 px tiles whose aspect ratio is closest to the image's (InternVL's dynamic preprocessing). Of two equally
 * close ones it is the larger where the image has more than half of the larger grid's pixels.
 */
export function gridFor(width: number, height: number): Grid {
  const aspect = width / height;
  let best = candidates[0]!;
  let bestDifference = Infinity;
  for (const grid of candidates) {
    const difference = Math.abs(aspect - grid.columns / grid.rows);
    const larger = width * height > 0.5 * tileSide * tileSide * grid.columns * grid.rows;
    if (difference < bestDifference || (difference === bestDifference && larger)) {
      best = grid;
      bestDifference = difference;
    }
  }
  return best;
}

export interface TileArea {
  index: number;
  level: 'tile' | 'thumbnail';
  /** In pixels of the target; neighbors share their borders, rounded to whole pixels. */
  box: Box;
}

/** The crops of an image in the order in which they are scored: the grid row by row, then the thumbnail if there are several tiles. */
export function tileAreas({ width, height }: Size): TileArea[] {
  const { columns, rows } = gridFor(width, height);
  const areas: TileArea[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const across = span(column, columns, width);
      const down = span(row, rows, height);
      const box = { x: across.start, y: down.start, width: across.length, height: down.length };
      areas.push({ index: areas.length, level: 'tile', box });
    }
  }
  if (areas.length > 1) {
    areas.push({ index: areas.length, level: 'thumbnail', box: { x: 0, y: 0, width, height } });
  }
  return areas;
}

/** Part `index` of `parts` equal parts of `length`, rounded to whole pixels; at least one. */
function span(index: number, parts: number, length: number): { start: number; length: number } {
  const start = Math.min(length - 1, Math.round((index * length) / parts));
  const end = Math.round(((index + 1) * length) / parts);
  return { start, length: Math.max(1, end - start) };
}

import type { Size } from '@pentimento/contracts';
import type { Grid } from '../pixels/grid.ts';
import type { RgbImage } from '../pixels/image.ts';
import type { Luma } from './shift.ts';

/** Bounds of the score map: cells in all, cells along an axis, and the least side of a cell in pixels. */
const most = { cells: 8192, along: 4096 };
const leastSide = 2;

/** The cells of an image's score map: as near to squares of 2 px or more as 8,192 cells allow. */
export function mapGrid({ width, height }: Size): Grid {
  const side = Math.max(leastSide, Math.sqrt((width * height) / most.cells));
  const along = (length: number) => Math.max(1, Math.min(most.along, Math.floor(length / side)));
  return { columns: along(width), rows: along(height) };
}

/** Mean R, G and B of the cells of a score map, row-major. */
export interface CellMeans extends Grid {
  means: Uint8Array;
}

/** Cells end at whole pixels. */
export function cellMeans({ width, height, pixels }: RgbImage): CellMeans {
  const { columns, rows } = mapGrid({ width, height });
  const [across, down] = [edges(width, columns), edges(height, rows)];
  const means = new Uint8Array(columns * rows * 3);
  for (let row = 0, to = 0; row < rows; row++) {
    const [top, bottom] = [down[row]!, down[row + 1]!];
    for (let column = 0; column < columns; column++, to += 3) {
      const [left, right] = [across[column]!, across[column + 1]!];
      let [red, green, blue] = [0, 0, 0];
      for (let y = top; y < bottom; y++) {
        const end = (y * width + right) * 3;
        for (let from = (y * width + left) * 3; from < end; from += 3) {
          red += pixels[from]!;
          green += pixels[from + 1]!;
          blue += pixels[from + 2]!;
        }
      }
      const share = 1 / ((right - left) * (bottom - top));
      means[to] = Math.round(red * share);
      means[to + 1] = Math.round(green * share);
      means[to + 2] = Math.round(blue * share);
    }
  }
  return { columns, rows, means };
}

/** What `pixelDifferences` needs of an image. */
interface Pixels {
  luma: Luma;
  cells: CellMeans;
}

/**
 * How far two images of one size differ in each cell of their score map, 0..1: the mean absolute difference of brightness or the
 * largest difference of a mean of R, G and B, whichever is more.
 */
export function pixelDifferences(target: Pixels, render: Pixels): Float32Array {
  const differences = brightnessDifferences(target.luma, render.luma, target.cells);
  target.cells.means.forEach((mean, index) => {
    const cell = Math.floor(index / 3);
    differences[cell] = Math.max(differences[cell]!, Math.abs(mean - render.cells.means[index]!) / 255);
  });
  return differences;
}

function brightnessDifferences(target: Luma, render: Luma, { columns, rows }: Grid): Float32Array {
  const { width, height } = target;
  const sums = new Float32Array(columns * rows);
  const counts = new Uint32Array(columns * rows);
  const cellOfColumn = Uint16Array.from({ length: width }, (_, x) => Math.floor(((x + 0.5) * columns) / width));
  for (let y = 0; y < height; y++) {
    const line = Math.floor(((y + 0.5) * rows) / height) * columns;
    for (let x = 0, from = y * width; x < width; x++, from++) {
      const cell = line + cellOfColumn[x]!;
      sums[cell]! += Math.abs(target.values[from]! - render.values[from]!);
      counts[cell]!++;
    }
  }
  return sums.map((sum, cell) => sum / (255 * Math.max(1, counts[cell]!)));
}

function edges(length: number, parts: number): number[] {
  return Array.from({ length: parts + 1 }, (_, index) => Math.round((index * length) / parts));
}

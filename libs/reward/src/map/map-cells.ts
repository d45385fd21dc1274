import type { Size } from '@pentimento/contracts';
import { changedWithin, type Grid, type RgbImage } from '@pentimento/imaging';
import type { FeatureBase, ImageFeature } from '../features/image-feature.ts';
import type { Luma } from '../features/luma.ts';

/** Bounds of the score map: its cells, its cells along an axis, and the side of a cell in pixels. */
const maxCells = 8192;
const maxCellsAlong = 4096;
const minSide = 2;

/** The cells of an image's score map: about square, 2 px or more, at most 8,192. */
export function mapGrid({ width, height }: Size): Grid {
  const side = Math.max(minSide, Math.sqrt((width * height) / maxCells));
  const along = (length: number) => Math.max(1, Math.min(maxCellsAlong, Math.floor(length / side)));
  return { columns: along(width), rows: along(height) };
}

/** Mean R, G and B of the cells of a score map, row-major. The values lie in shared memory. */
export interface CellMeans extends Grid {
  means: Uint8Array;
}

export const cellMeans: ImageFeature<CellMeans> = { id: 'cellMeans', extract: cellMeansOf };

/** Cells end at whole pixels. With a base, cells without a change are taken from there. */
function cellMeansOf(image: RgbImage, base?: FeatureBase<CellMeans>): CellMeans {
  const { width, height } = image;
  const { columns, rows } = mapGrid(image);
  const [across, down] = [edges(width, columns), edges(height, rows)];
  const means = new Uint8Array(new SharedArrayBuffer(columns * rows * 3));
  if (base) means.set(base.value.means);
  for (let row = 0, to = 0; row < rows; row++) {
    const [top, bottom] = [down[row]!, down[row + 1]!];
    for (let column = 0; column < columns; column++, to += 3) {
      const [left, right] = [across[column]!, across[column + 1]!];
      if (base && !changedWithin(base.changes, left, top, right, bottom)) continue;
      meanOf(image, left, top, right, bottom, means, to);
    }
  }
  return { columns, rows, means };
}

function meanOf(
  { width, pixels }: RgbImage,
  left: number,
  top: number,
  right: number,
  bottom: number,
  means: Uint8Array,
  to: number,
): void {
  let red = 0;
  let green = 0;
  let blue = 0;
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

/** Features of one image. */
interface MapFeatures {
  luma: Luma;
  cellMeans: CellMeans;
}

/**
 * Difference of two images of one size in each cell of their score map, 0..1: the mean absolute difference of brightness, or the
 * largest difference of the means of R, G and B where that is more.
 */
export function pixelDifferences(target: MapFeatures, render: MapFeatures): Float32Array {
  const differences = brightnessDifferences(target.luma, render.luma, target.cellMeans);
  const [targetMeans, renderMeans] = [target.cellMeans.means, render.cellMeans.means];
  for (let cell = 0, at = 0; cell < differences.length; cell++) {
    for (const end = at + 3; at < end; at++) {
      const difference = Math.abs(targetMeans[at]! - renderMeans[at]!) / 255;
      if (difference > differences[cell]!) differences[cell] = difference;
    }
  }
  return differences;
}

/** A pixel of the luma belongs to the cell that holds its center. */
function brightnessDifferences(target: Luma, render: Luma, { columns, rows }: Grid): Float32Array {
  const { width, height } = target;
  const [targetLuma, renderLuma] = [target.values, render.values];
  const differences = new Float32Array(columns * rows);
  const across = Uint32Array.from({ length: columns + 1 }, (_, index) => centerAfter(index, columns, width));
  for (let row = 0; row < rows; row++) {
    const [top, bottom] = [centerAfter(row, rows, height), centerAfter(row + 1, rows, height)];
    const line = Buffer.from(targetLuma.buffer, targetLuma.byteOffset + top * width, (bottom - top) * width);
    if (line.equals(renderLuma.subarray(top * width, bottom * width))) continue;
    for (let column = 0; column < columns; column++) {
      const [left, right] = [across[column]!, across[column + 1]!];
      let sum = 0;
      for (let y = top; y < bottom; y++) {
        const end = y * width + right;
        for (let from = y * width + left; from < end; from++) sum += Math.abs(targetLuma[from]! - renderLuma[from]!);
      }
      differences[row * columns + column] = sum / (255 * Math.max(1, (right - left) * (bottom - top)));
    }
  }
  return differences;
}

/** The first pixel whose center lies at or after the start of a part. */
function centerAfter(part: number, parts: number, length: number): number {
  return Math.ceil((part * length) / parts - 0.5);
}

function edges(length: number, parts: number): number[] {
  return Array.from({ length: parts + 1 }, (_, index) => Math.round((index * length) / parts));
}

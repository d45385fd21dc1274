import type { Size } from '@pentimento/contracts';
import { changedWithin, withKernels, type Grid, type RgbImage } from '@pentimento/imaging';
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

/** Cells end at whole pixels. With a base, rows of cells without a change are taken from there. */
function cellMeansOf(image: RgbImage, base?: FeatureBase<CellMeans>): CellMeans {
  const { width, height } = image;
  const { columns, rows } = mapGrid(image);
  const [across, down] = [edges(width, columns), edges(height, rows)];
  const means = new Uint8Array(new SharedArrayBuffer(columns * rows * 3));
  if (base) means.set(base.value.means);
  withKernels((memory) => {
    const rowBytes = width * 3;
    const source = memory.take(maxStep(down) * rowBytes);
    const target = memory.take(rowBytes * Uint32Array.BYTES_PER_ELEMENT);
    const sums = new Uint32Array(memory.bytes.buffer, target, rowBytes);
    for (let row = 0; row < rows; row++) {
      const [top, bottom] = [down[row]!, down[row + 1]!];
      if (base && !changedWithin(base.changes, 0, top, width, bottom)) continue;
      memory.copyPart(image, { left: 0, top, right: width, bottom }, source);
      memory.kernels.columnSums(source, rowBytes, bottom - top, target);
      writeMeans(sums, across, bottom - top, means.subarray(row * columns * 3));
    }
  });
  return { columns, rows, means };
}

/** The means of a row of cells from the sums of their columns of R, G and B. */
function writeMeans(sums: Uint32Array, across: readonly number[], height: number, means: Uint8Array): void {
  for (let column = 0, to = 0; column + 1 < across.length; column++) {
    const [left, right] = [across[column]!, across[column + 1]!];
    let [red, green, blue] = [0, 0, 0];
    for (let at = left * 3; at < right * 3; at += 3) {
      red += sums[at]!;
      green += sums[at + 1]!;
      blue += sums[at + 2]!;
    }
    const share = 1 / ((right - left) * height);
    means[to++] = Math.round(red * share);
    means[to++] = Math.round(green * share);
    means[to++] = Math.round(blue * share);
  }
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
  const across = Array.from({ length: columns + 1 }, (_, index) => centerAfter(index, columns, width));
  const down = Array.from({ length: rows + 1 }, (_, index) => centerAfter(index, rows, height));
  withKernels((memory) => {
    const [a, b] = [memory.take(maxStep(down) * width), memory.take(maxStep(down) * width)];
    const target = memory.take(width * Uint32Array.BYTES_PER_ELEMENT);
    const sums = new Uint32Array(memory.bytes.buffer, target, width);
    for (let row = 0; row < rows; row++) {
      const [start, end] = [down[row]! * width, down[row + 1]! * width];
      const line = Buffer.from(targetLuma.buffer, targetLuma.byteOffset + start, end - start);
      if (line.equals(renderLuma.subarray(start, end))) continue;
      memory.bytes.set(targetLuma.subarray(start, end), a);
      memory.bytes.set(renderLuma.subarray(start, end), b);
      const height = down[row + 1]! - down[row]!;
      memory.kernels.columnDifferences(a, b, width, height, target);
      writeDifferences(sums, across, height, differences.subarray(row * columns));
    }
  });
  return differences;
}

/** The mean differences of a row of cells, 0..1, from the sums of their columns. */
function writeDifferences(
  sums: Uint32Array,
  across: readonly number[],
  height: number,
  differences: Float32Array,
): void {
  for (let column = 0; column + 1 < across.length; column++) {
    const [left, right] = [across[column]!, across[column + 1]!];
    let sum = 0;
    for (let at = left; at < right; at++) sum += sums[at]!;
    differences[column] = sum / (255 * Math.max(1, (right - left) * height));
  }
}

/** The most that a value is above the one before it. */
function maxStep(values: readonly number[]): number {
  return values.reduce((max, value, index) => Math.max(max, value - (values[index - 1] ?? value)), 0);
}

/** The first pixel whose center lies at or after the start of a part. */
function centerAfter(part: number, parts: number, length: number): number {
  return Math.ceil((part * length) / parts - 0.5);
}

function edges(length: number, parts: number): number[] {
  return Array.from({ length: parts + 1 }, (_, index) => Math.round((index * length) / parts));
}

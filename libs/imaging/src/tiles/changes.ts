import type { Grid } from './grid.ts';
import type { RgbImage } from '../image.ts';

/** Side in pixels of the blocks that are compared. */
const side = 16;

/** Blocks of 16 x 16 px in which two images of one size differ, row-major: 1 where they do. */
export interface Changes extends Grid {
  changed: Uint8Array;
}

/** Compares whole rows first: in late refinements most of them are equal. */
export function changesBetween(a: RgbImage, b: RgbImage): Changes {
  const { width, height } = a;
  const changes = noChanges(a);
  const [first, second] = [bufferOf(a.pixels), bufferOf(b.pixels)];
  const rowBytes = width * 3;
  for (let y = 0; y < height; y++) {
    const from = y * rowBytes;
    if (first.compare(second, from, from + rowBytes, from, from + rowBytes) === 0) continue;
    markRow(changes, a.pixels, b.pixels, { from, rowBytes, row: Math.floor(y / side) });
  }
  return changes;
}

/** Every block changed. */
export function allChanges(size: { width: number; height: number }): Changes {
  const changes = noChanges(size);
  changes.changed.fill(1);
  return changes;
}

/** Whether anything changed within the pixels from left and top to before right and bottom, which may lie outside the image. */
export function changedWithin(
  { columns, rows, changed }: Changes,
  left: number,
  top: number,
  right: number,
  bottom: number,
): boolean {
  const first = Math.max(0, Math.floor(left / side));
  const last = Math.min(columns - 1, Math.floor((right - 1) / side));
  const lowest = Math.min(rows - 1, Math.floor((bottom - 1) / side));
  for (let row = Math.max(0, Math.floor(top / side)); row <= lowest; row++) {
    for (let at = row * columns + first; at <= row * columns + last; at++) if (changed[at] === 1) return true;
  }
  return false;
}

/** Calls with the pixels of each run of changed blocks of a row: from left and top to before right and bottom. */
export function forEachChange(
  { columns, rows, changed }: Changes,
  { width, height }: { width: number; height: number },
  call: (left: number, top: number, right: number, bottom: number) => void,
): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (changed[row * columns + column] === 0) continue;
      const start = column;
      while (column < columns && changed[row * columns + column] === 1) column++;
      call(start * side, row * side, Math.min(width, column * side), Math.min(height, (row + 1) * side));
    }
  }
}

function noChanges({ width, height }: { width: number; height: number }): Changes {
  const [columns, rows] = [Math.ceil(width / side), Math.ceil(height / side)];
  return { columns, rows, changed: new Uint8Array(columns * rows) };
}

function markRow(
  { columns, changed }: Changes,
  a: Uint8Array,
  b: Uint8Array,
  { from, rowBytes, row }: { from: number; rowBytes: number; row: number },
): void {
  for (let column = 0; column < columns; column++) {
    if (changed[row * columns + column] === 1) continue;
    const end = from + Math.min(rowBytes, (column + 1) * side * 3);
    for (let at = from + column * side * 3; at < end; at++) {
      if (a[at] === b[at]) continue;
      changed[row * columns + column] = 1;
      break;
    }
  }
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

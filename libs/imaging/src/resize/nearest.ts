import type { Size } from '@pentimento/contracts';
import { maxBlockRows, type ReceiveBlock, type BlockFilter } from './blocks.ts';
import type { Plane } from './bicubic.ts';

/** Takes the nearest source pixel, as Pillow's `Image.resize(size, NEAREST)`; blocks come as from `resizeBicubicInBlocks`. */
export function resizeNearestInBlocks(
  source: Plane,
  size: Size,
  columnWidth: number,
  receive: ReceiveBlock,
  include: BlockFilter = () => true,
): void {
  const columns = nearestPositions(source.width, size.width);
  const rows = nearestPositions(source.height, size.height);
  for (let left = 0; left < size.width; left += columnWidth) {
    const across = columns.subarray(left, left + columnWidth);
    for (let top = 0; top < size.height; top += maxBlockRows) {
      if (!include(left, top)) continue;
      const down = rows.subarray(top, top + maxBlockRows);
      receive({ left, top, width: across.length, height: down.length, bytes: pick(source, across, down) });
    }
  }
}

function pick({ pixels, width, channels }: Plane, columns: Int32Array, rows: Int32Array): Uint8Array {
  const picked = new Uint8Array(columns.length * rows.length * channels);
  let to = 0;
  for (const row of rows) {
    for (const column of columns) {
      const from = (row * width + column) * channels;
      for (let channel = 0; channel < channels; channel++) picked[to++] = pixels[from + channel]!;
    }
  }
  return picked;
}

/** The center of each output pixel in the source, truncated; summed step by step as Pillow does, so that ties give the same pixel. */
function nearestPositions(sourceLength: number, targetLength: number): Int32Array {
  const scale = sourceLength / targetLength;
  const positions = new Int32Array(targetLength);
  for (let index = 0, center = scale * 0.5; index < targetLength; index++, center += scale) {
    positions[index] = Math.min(sourceLength - 1, Math.trunc(center));
  }
  return positions;
}

import type { Size } from '@pentimento/contracts';
import { blockRows, type ReceiveBlock, type WantedBlock } from './blocks.ts';
import type { Plane } from './bicubic.ts';

/** Takes the nearest pixel for each, as Pillow's `Image.resize(size, NEAREST)`; blocks come as from `resizeBicubicInBlocks`. */
export function resizeNearestInBlocks(
  source: Plane,
  size: Size,
  columnWidth: number,
  receive: ReceiveBlock,
  wanted: WantedBlock = () => true,
): void {
  const columns = nearestPositions(source.width, size.width);
  const rows = nearestPositions(source.height, size.height);
  for (let left = 0; left < size.width; left += columnWidth) {
    const across = columns.subarray(left, left + columnWidth);
    for (let top = 0; top < size.height; top += blockRows) {
      if (!wanted(left, top)) continue;
      const down = rows.subarray(top, top + blockRows);
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

/** The centre of each output pixel in the source, truncated; summed step by step, as Pillow does, so that ties fall alike. */
function nearestPositions(sourceLength: number, targetLength: number): Int32Array {
  const scale = sourceLength / targetLength;
  const positions = new Int32Array(targetLength);
  for (let index = 0, centre = scale * 0.5; index < targetLength; index++, centre += scale) {
    positions[index] = Math.min(sourceLength - 1, Math.trunc(centre));
  }
  return positions;
}

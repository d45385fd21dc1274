import type { Box, Size } from '@pentimento/contracts';
import type { RgbImage } from '../image.ts';
import { gridFor, tileSide } from './grid.ts';

/** Targets with more windows have none, since their pixels would fill the memory. A page of 1,280 x 28,000 px has 189. */
export const maxWindows = 256;

/** Tiles at this scale or above count as native: text in them is legible. */
const nativeScale = 0.8;

/**
 * Where windows of 448 px lie over a target at its own scale, row by row, the last of each axis aligned to the edge; on an axis that is
 * shorter than a window they have its length. None where the published grid shows the target at 0.8 of its own scale or
 * larger, and none above `maxWindows`.
 */
export function windowBoxes({ width, height }: Size): Box[] {
  const { columns, rows } = gridFor(width, height);
  if (Math.min((columns * tileSide) / width, (rows * tileSide) / height) >= nativeScale) return [];
  const [across, down] = [starts(width), starts(height)];
  if (across.length * down.length > maxWindows) return [];
  const side = { width: Math.min(tileSide, width), height: Math.min(tileSide, height) };
  return down.flatMap((y) => across.map((x) => ({ x, y, ...side })));
}

function starts(length: number): number[] {
  const last = Math.max(0, length - tileSide);
  return Array.from({ length: Math.max(1, Math.ceil(length / tileSide)) }, (_, index) =>
    Math.min(index * tileSide, last),
  );
}

/** Writes the pixels of a window, 448 x 448; white where the image ends before it. */
export function cutWindow(
  image: RgbImage,
  { x, y, width, height }: Box,
  pixels: Uint8Array = new Uint8Array(tileSide * tileSide * 3),
): Uint8Array {
  if (width < tileSide || height < tileSide) pixels.fill(255);
  for (let row = 0; row < height; row++) {
    const from = ((y + row) * image.width + x) * 3;
    pixels.set(image.pixels.subarray(from, from + width * 3), row * tileSide * 3);
  }
  return pixels;
}

import type { Size } from '@pentimento/contracts';
import { resizeBicubicInBlocks, type Plane } from './bicubic.ts';
import type { ReceiveBlock, WantedBlock } from './blocks.ts';
import { channelsOf, divideByAlpha, multiplyByAlpha, type Raster, type RgbImage } from '../image.ts';
import { resizeNearestInBlocks } from './nearest.ts';

/** Pixels of a column that is resized at once: its rows stay in a core's cache. */
const columnWidth = 1024;

/** Stretches an RGB image, bit for bit as Pillow's `Image.resize(size, BICUBIC)`. The same size gives the same image. */
export function resizeBicubic(image: RgbImage, size: Size): RgbImage {
  if (isSize(image, size)) return image;
  const { width, height } = size;
  const pixels = new Uint8Array(width * height * 3);
  resizeInBlocks(image, size, columnWidth, (block) => {
    const rowBytes = block.width * 3;
    for (let y = 0; y < block.height; y++) {
      const row = block.bytes.subarray(y * rowBytes, (y + 1) * rowBytes);
      pixels.set(row, ((block.top + y) * width + block.left) * 3);
    }
  });
  return { width, height, pixels };
}

/**
 * Stretches an image, bit for bit as Pillow's `Image.resize(size)` does in its mode: bicubic, through colours multiplied by
 * alpha where there is alpha, and to the nearest in mode P. Blocks are in the image's mode.
 */
export function resizeInBlocks(
  image: Raster,
  size: Size,
  columnWidth: number,
  receive: ReceiveBlock,
  wanted?: WantedBlock,
): void {
  const plane = { ...image, channels: channelsOf(image.mode) };
  if (image.mode === 'P') resizeNearestInBlocks(plane, size, columnWidth, receive, wanted);
  else if (image.mode === 'RGBA' && !isSize(image, size))
    resizeAlphaInBlocks(plane, size, columnWidth, receive, wanted);
  else resizeBicubicInBlocks(plane, size, columnWidth, receive, wanted);
}

function resizeAlphaInBlocks(
  plane: Plane,
  size: Size,
  columnWidth: number,
  receive: ReceiveBlock,
  wanted?: WantedBlock,
): void {
  const divide: ReceiveBlock = (block) => {
    divideByAlpha(block.bytes);
    receive(block);
  };
  resizeBicubicInBlocks({ ...plane, prepare: multiplyByAlpha }, size, columnWidth, divide, wanted);
}

function isSize(image: Size, { width, height }: Size): boolean {
  return image.width === width && image.height === height;
}

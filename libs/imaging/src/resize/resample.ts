import type { Size } from '@pentimento/contracts';
import { resizeBicubicInBlocks, type Plane } from './bicubic.ts';
import type { ReceiveBlock, BlockFilter } from './blocks.ts';
import { channelsOf, divideByAlpha, multiplyByAlpha, type DecodedImage, type RgbImage } from '../image.ts';
import { resizeNearestInBlocks } from './nearest.ts';

/** Width in pixels of the columns that are resized in turn: their rows fit in a core's cache. */
const columnWidth = 1024;

/** Stretches an RGB image, bit for bit as `Image.resize(size, BICUBIC)` of Pillow 12.2. The same size gives the same image. */
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
 * Stretches an image, bit for bit as `Image.resize(size)` of Pillow 12.2 does in its mode: bicubic, through colors multiplied by
 * alpha where there is alpha, and to the nearest pixel in mode P. Blocks are in the image's mode.
 */
export function resizeInBlocks(
  image: DecodedImage,
  size: Size,
  columnWidth: number,
  receive: ReceiveBlock,
  include?: BlockFilter,
): void {
  const plane = { ...image, channels: channelsOf(image.mode) };
  if (image.mode === 'P') resizeNearestInBlocks(plane, size, columnWidth, receive, include);
  else if (image.mode === 'RGBA' && !isSize(image, size))
    resizeAlphaInBlocks(plane, size, columnWidth, receive, include);
  else resizePlaneInBlocks(plane, size, columnWidth, receive, include);
}

function resizeAlphaInBlocks(
  plane: Plane,
  size: Size,
  columnWidth: number,
  receive: ReceiveBlock,
  include?: BlockFilter,
): void {
  const divide: ReceiveBlock = (block) => {
    divideByAlpha(block.bytes);
    receive(block);
  };
  resizePlaneInBlocks({ ...plane, prepare: multiplyByAlpha }, size, columnWidth, divide, include);
}

/** Pillow resizes an image that is more than 100 times as high as wide down before across, since 12.2 (pull request 9524). */
const tall = 100;

function resizePlaneInBlocks(
  plane: Plane,
  size: Size,
  columnWidth: number,
  receive: ReceiveBlock,
  include?: BlockFilter,
): void {
  const isTall = plane.height > tall * plane.width && size.height < plane.height;
  const source = isTall && size.width !== plane.width ? resizedDown(plane, size.height) : plane;
  resizeBicubicInBlocks(source, size, columnWidth, receive, include);
}

/** The plane at another height, with what prepares its pixels applied. */
function resizedDown({ width, height, channels, pixels, prepare }: Plane, newHeight: number): Plane {
  const resized = { width, height: newHeight, channels, pixels: new Uint8Array(width * newHeight * channels) };
  resizeBicubicInBlocks({ width, height, channels, pixels, prepare }, resized, width, ({ top, bytes }) =>
    resized.pixels.set(bytes, top * width * channels),
  );
  return resized;
}

function isSize(image: Size, { width, height }: Size): boolean {
  return image.width === width && image.height === height;
}

import sharp from 'sharp';
import type { Size } from '../../libs/contracts/src/index.ts';

/** Rows of red, green and blue, one byte each. */
export interface Pixels extends Size {
  rgb: Uint8Array;
}

interface PixelBox extends Size {
  left: number;
  top: number;
}

export async function readPixels(png: Uint8Array): Promise<Pixels> {
  const { data, info } = await sharp(png)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { rgb: data, width: info.width, height: info.height };
}

export function writePixels({ width, height, rgb }: Pixels): Promise<Buffer> {
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

/** Difference of brightness to the pixels around it that makes a pixel part of a letter. */
const minContrast = 24;
/** Pixels between the letters of a word. */
const maxGap = 4;
const heights = { min: 4, max: 28 };

/** Where words may be: groups of small contrasting forms that lie in a line, found without reading. */
export function textBoxes(pixels: Pixels): PixelBox[] {
  const { width, height } = pixels;
  const ink = withGapsClosed(inkOf(pixels), width);
  const boxes: PixelBox[] = [];
  for (let start = 0; start < ink.length; start++) {
    if (ink[start] === 0) continue;
    const box = takeForm(ink, start, { width, height });
    if (box.height >= heights.min && box.height <= heights.max && box.width >= box.height) boxes.push(box);
  }
  return boxes;
}

/** 1 where a pixel differs from the mean of its row 6 px to the left and right. */
function inkOf({ width, height, rgb }: Pixels): Uint8Array {
  const luma = Float32Array.from(
    { length: width * height },
    (_, pixel) => 0.299 * rgb[pixel * 3]! + 0.587 * rgb[pixel * 3 + 1]! + 0.114 * rgb[pixel * 3 + 2]!,
  );
  const reach = 6;
  return Uint8Array.from(luma, (value, pixel) => {
    const x = pixel % width;
    const row = pixel - x;
    const left = luma[row + Math.max(0, x - reach)]!;
    const right = luma[row + Math.min(width - 1, x + reach)]!;
    return Math.max(Math.abs(value - left), Math.abs(value - right)) > minContrast ? 1 : 0;
  });
}

function withGapsClosed(ink: Uint8Array, width: number): Uint8Array {
  const closed = Uint8Array.from(ink);
  let last = -Infinity;
  for (let pixel = 0; pixel < ink.length; pixel++) {
    if (pixel % width === 0) last = -Infinity;
    if (ink[pixel] === 0) continue;
    if (pixel - last <= maxGap) closed.fill(1, last, pixel);
    last = pixel;
  }
  return closed;
}

/** The box of the connected form at a pixel, which is taken out of `ink`. */
function takeForm(ink: Uint8Array, start: number, { width, height }: Size): PixelBox {
  const waiting = [start];
  ink[start] = 0;
  let [left, right, top, bottom] = [width, 0, height, 0];
  for (let pixel = waiting.pop(); pixel !== undefined; pixel = waiting.pop()) {
    const x = pixel % width;
    const y = (pixel - x) / width;
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
    const neighbors = [x > 0 ? pixel - 1 : -1, x < width - 1 ? pixel + 1 : -1, pixel - width, pixel + width];
    for (const neighbor of neighbors) {
      if (ink[neighbor] !== 1) continue;
      ink[neighbor] = 0;
      waiting.push(neighbor);
    }
  }
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}

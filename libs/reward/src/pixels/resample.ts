import type { Size } from '@pentimento/contracts';
import type { RgbImage } from './image.ts';

/** Fractional bits of a weight; 8 bits of pixel and 2 of head room fill an int32. */
const precision = 22;
const half = 1 << (precision - 1);
/** Reach of the cubic kernel in source pixels at scale 1. */
const reach = 2;

/** For each output pixel of one axis: the first source pixel, how many there are, and their fixed-point weights. */
interface AxisWeights {
  first: Int32Array;
  count: Int32Array;
  weights: Int32Array;
  /** Weights kept for an output pixel; the first `count` of them are used. */
  stride: number;
}

/** Catmull-Rom, a = -0.5. */
function cubic(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * -0.5;
  return 0;
}

/** Weights of Pillow's antialiased bicubic: the kernel widens with the downscale; weights are normalised, then rounded half away from zero. */
export function axisWeights(sourceLength: number, targetLength: number): AxisWeights {
  const scale = sourceLength / targetLength;
  const spread = Math.max(1, scale);
  const support = reach * spread;
  const stride = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(targetLength);
  const count = new Int32Array(targetLength);
  const weights = new Int32Array(targetLength * stride);
  const exact = new Float64Array(stride);
  for (let index = 0; index < targetLength; index++) {
    const centre = (index + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(sourceLength, Math.trunc(centre + support + 0.5));
    let sum = 0;
    for (let tap = 0; tap < end - start; tap++) {
      exact[tap] = cubic((tap + start - centre + 0.5) * (1 / spread));
      sum += exact[tap]!;
    }
    first[index] = start;
    count[index] = end - start;
    for (let tap = 0; tap < end - start; tap++) {
      const weight = (sum === 0 ? exact[tap]! : exact[tap]! / sum) * (1 << precision);
      weights[index * stride + tap] = Math.trunc(weight + (weight < 0 ? -0.5 : 0.5));
    }
  }
  return { first, count, weights, stride };
}

/**
 * Stretches an image to a size, bit for bit as Pillow's `Image.resize(size, BICUBIC)` does on RGB: across first, rounded to
 * bytes between the passes, and an axis that keeps its length is left alone. The same size gives the same image.
 */
export function resizeBicubic(image: RgbImage, size: Size): RgbImage {
  const across = image.width === size.width ? image : resizeRows(image, size.width);
  return across.height === size.height ? across : resizeColumns(across, size.height);
}

function resizeRows(image: RgbImage, width: number): RgbImage {
  const { first, count, weights, stride } = axisWeights(image.width, width);
  const source = image.pixels;
  const pixels = new Uint8Array(width * image.height * 3);
  let to = 0;
  for (let y = 0; y < image.height; y++) {
    const row = y * image.width * 3;
    for (let x = 0; x < width; x++) {
      let from = row + first[x]! * 3;
      const end = x * stride + count[x]!;
      let red = half;
      let green = half;
      let blue = half;
      for (let tap = x * stride; tap < end; tap++) {
        const weight = weights[tap]!;
        red += source[from++]! * weight;
        green += source[from++]! * weight;
        blue += source[from++]! * weight;
      }
      pixels[to++] = toByte(red);
      pixels[to++] = toByte(green);
      pixels[to++] = toByte(blue);
    }
  }
  return { width, height: image.height, pixels };
}

function resizeColumns(image: RgbImage, height: number): RgbImage {
  const { first, count, weights, stride } = axisWeights(image.height, height);
  const source = image.pixels;
  const rowLength = image.width * 3;
  const pixels = new Uint8Array(rowLength * height);
  const sums = new Int32Array(rowLength);
  for (let y = 0; y < height; y++) {
    sums.fill(half);
    for (let tap = 0; tap < count[y]!; tap++) {
      const weight = weights[y * stride + tap]!;
      let from = (first[y]! + tap) * rowLength;
      for (let index = 0; index < rowLength; index++) sums[index]! += source[from++]! * weight;
    }
    const to = y * rowLength;
    for (let index = 0; index < rowLength; index++) pixels[to + index] = toByte(sums[index]!);
  }
  return { width: image.width, height, pixels };
}

function toByte(sum: number): number {
  const value = sum >> precision;
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

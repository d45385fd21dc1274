import type { Size } from '@pentimento/contracts';
import { axisWeights } from '../resize/axis-weights.ts';
import type { RgbImage } from '../image.ts';

/** Fractional bits of a weight. */
const precision = 22;
const half = 1 << (precision - 1);

/** Pillow's bicubic on RGB in plain steps: the WebAssembly is compared with it where there is no Pillow. */
export function plainResize(image: RgbImage, size: Size): RgbImage {
  if (image.height > 100 * image.width && size.height < image.height)
    return resizedAcross(resizeColumns(image, size.height), size.width);
  const across = resizedAcross(image, size.width);
  return across.height === size.height ? across : resizeColumns(across, size.height);
}

function resizedAcross(image: RgbImage, width: number): RgbImage {
  return image.width === width ? image : resizeRows(image, width);
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

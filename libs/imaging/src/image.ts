import type { Size } from '@pentimento/contracts';

/** Opaque pixels, row-major, 3 bytes (R, G, B) each. */
export interface RgbImage extends Size {
  mode?: 'RGB';
  pixels: Uint8Array;
}

/**
 * Pixels that are resized as Pillow resizes its mode of that name, row-major:
 * - `RGBA`: 4 bytes each, colors not multiplied by alpha; also Pillow's LA, with three equal colors.
 * - `CMYK`: 4 bytes each, 255 is full ink.
 * - `P`: 3 bytes of RGB each, resized to the nearest pixel; Pillow's P and 1 with their palette applied, which gives the same.
 */
interface NonRgbImage extends Size {
  mode: 'RGBA' | 'CMYK' | 'P';
  pixels: Uint8Array;
}

/** An image in the color mode in which it is resized. Pillow's L is RGB with three equal colors. */
export type DecodedImage = RgbImage | NonRgbImage;

export type ColorMode = NonNullable<DecodedImage['mode']>;

/** Bytes of a pixel. */
export function channelsOf(mode: ColorMode = 'RGB'): 3 | 4 {
  return mode === 'RGBA' || mode === 'CMYK' ? 4 : 3;
}

/** Pixels of any mode as RGB, by Pillow's `convert('RGB')`: alpha is dropped. Overwrites pixels of 4 bytes. */
export function toRgbPixels(pixels: Uint8Array, mode: ColorMode = 'RGB'): Uint8Array {
  if (mode === 'RGBA') return dropAlpha(pixels);
  return mode === 'CMYK' ? cmykToRgb(pixels) : pixels;
}

/**
 * Lays RGBA pixels on white, channel by channel with the rounding of Pillow's `Image.paste` with a mask. The result is the
 * front of the same memory.
 */
export function flattenOnWhite(rgba: Uint8Array): Uint8Array {
  const length = (rgba.length / 4) * 3;
  for (let from = 0, to = 0; to < length; from += 4, to += 3) {
    const alpha = rgba[from + 3]!;
    const white = 255 * (255 - alpha);
    rgba[to] = divideBy255(rgba[from]! * alpha + white);
    rgba[to + 1] = divideBy255(rgba[from + 1]! * alpha + white);
    rgba[to + 2] = divideBy255(rgba[from + 2]! * alpha + white);
  }
  return rgba.subarray(0, length);
}

/** RGBA pixels without their alpha. The result is the front of the same memory. */
export function dropAlpha(rgba: Uint8Array): Uint8Array {
  const length = (rgba.length / 4) * 3;
  for (let from = 0, to = 0; to < length; from += 4, to += 3) {
    rgba[to] = rgba[from]!;
    rgba[to + 1] = rgba[from + 1]!;
    rgba[to + 2] = rgba[from + 2]!;
  }
  return rgba.subarray(0, length);
}

/** Whether every pixel is opaque: such RGBA is resized as RGB is. */
export function isOpaque(rgba: Uint8Array): boolean {
  for (let alpha = 3; alpha < rgba.length; alpha += 4) if (rgba[alpha] !== 255) return false;
  return true;
}

/** Multiplies the colors of RGBA pixels by alpha in place, as Pillow resizes them. */
export function multiplyByAlpha(rgba: Uint8Array): void {
  for (let from = 0; from < rgba.length; from += 4) {
    const alpha = rgba[from + 3]!;
    rgba[from] = divideBy255(rgba[from]! * alpha);
    rgba[from + 1] = divideBy255(rgba[from + 1]! * alpha);
    rgba[from + 2] = divideBy255(rgba[from + 2]! * alpha);
  }
}

/** The inverse of `multiplyByAlpha`, with Pillow's division: truncated, at most 255. */
export function divideByAlpha(premultiplied: Uint8Array): void {
  for (let from = 0; from < premultiplied.length; from += 4) {
    const alpha = premultiplied[from + 3]!;
    if (alpha === 0 || alpha === 255) continue;
    for (let channel = from; channel < from + 3; channel++) {
      premultiplied[channel] = Math.min(255, Math.trunc((255 * premultiplied[channel]!) / alpha));
    }
  }
}

/** Pillow's conversion without a color profile: a channel is (255 - C) (255 - K) / 255. The result is the front of the same memory. */
function cmykToRgb(cmyk: Uint8Array): Uint8Array {
  const length = (cmyk.length / 4) * 3;
  for (let from = 0, to = 0; to < length; from += 4, to += 3) {
    const light = 255 - cmyk[from + 3]!;
    for (let channel = 0; channel < 3; channel++) {
      cmyk[to + channel] = light - divideBy255(cmyk[from + channel]! * light);
    }
  }
  return cmyk.subarray(0, length);
}

/** Rounds to the nearest, with Pillow's shifts. */
function divideBy255(product: number): number {
  const rounded = product + 128;
  return ((rounded >> 8) + rounded) >> 8;
}

import type { Size } from '@pentimento/contracts';

/** Opaque pixels, row-major, 3 bytes (R, G, B) each. */
export interface RgbImage extends Size {
  pixels: Uint8Array;
}

/**
 * Lays RGBA pixels on white, channel by channel with Pillow's rounding of a product by alpha
 * (`Image.paste` with a mask): ((m >> 8) + m) >> 8 where m = c * a + 255 * (255 - a) + 128.
 */
export function flattenOnWhite(rgba: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4) {
    const alpha = rgba[from + 3]!;
    const white = 255 * (255 - alpha) + 128;
    for (let channel = 0; channel < 3; channel++) {
      const mixed = rgba[from + channel]! * alpha + white;
      rgb[to++] = ((mixed >> 8) + mixed) >> 8;
    }
  }
  return rgb;
}

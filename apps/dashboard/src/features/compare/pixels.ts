import type { Size } from '@pentimento/contracts';

/** RGBA bytes, row by row, as a canvas gives them. */
export interface Pixels extends Size {
  data: Uint8ClampedArray;
}

export interface Difference {
  pixels: Uint8ClampedArray<ArrayBuffer>;
  /** Share of the frame's pixels that differ at all, 0..1. */
  changed: number;
  /** Mean absolute difference over the three channels, 0..255. */
  mean: number;
}

/**
 * |left - right| per channel, times `gain`, on a frame that contains both. A pixel that only one image covers counts as
 * entirely different, so that padding never looks equal.
 */
export function differenceOf(left: Pixels, right: Pixels, frame: Size, gain: number): Difference {
  const out = new Uint8ClampedArray(frame.width * frame.height * 4);
  let changed = 0;
  let sum = 0;
  for (let y = 0; y < frame.height; y++) {
    for (let x = 0; x < frame.width; x++) {
      const at = (y * frame.width + x) * 4;
      const l = offsetOf(left, x, y);
      const r = offsetOf(right, x, y);
      let pixel = 0;
      for (let channel = 0; channel < 3; channel++) {
        const delta = l < 0 || r < 0 ? 255 : Math.abs(left.data[l + channel]! - right.data[r + channel]!);
        out[at + channel] = delta * gain;
        pixel += delta;
      }
      out[at + 3] = 255;
      sum += pixel;
      if (pixel > 0) changed++;
    }
  }
  const count = Math.max(1, frame.width * frame.height);
  return { pixels: out, changed: changed / count, mean: sum / count / 3 };
}

/** The color at a pixel as "#rrggbb", or null outside of the image. */
export function colorAt(image: Pixels, x: number, y: number): string | null {
  const at = offsetOf(image, x, y);
  if (at < 0) return null;
  return `#${[0, 1, 2].map((channel) => image.data[at + channel]!.toString(16).padStart(2, '0')).join('')}`;
}

function offsetOf(image: Pixels, x: number, y: number): number {
  return x < 0 || y < 0 || x >= image.width || y >= image.height ? -1 : (y * image.width + x) * 4;
}

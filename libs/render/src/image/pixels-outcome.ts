import { maxRenderTextLength, type Size } from '@pentimento/contracts';
import sharp from 'sharp';
import { failedBySingleColor, shorten, type Rendered, type Outcome } from '../port/outcome.ts';

/** Rows of red, green and blue, one byte each, from the top. */
export interface Pixels extends Size {
  rgb: Uint8Array;
}

/** The outcome of a render that made these pixels, with an opaque PNG. */
export async function outcomeOfPixels(pixels: Pixels, log: string, text: string | null): Promise<Outcome> {
  const { rgb, width, height } = pixels;
  const image = await sharp(rgb, { raw: { width, height, channels: 3 }, limitInputPixels: false })
    .png({ compressionLevel: 3 })
    .toBuffer();
  const rendered: Rendered = {
    status: 'ok',
    image,
    width,
    height,
    log: shorten(log),
    text: text?.slice(0, maxRenderTextLength) ?? null,
    molecule: null,
    bitmapShare: null,
  };
  return areSingleColor(rgb) ? failedBySingleColor(rendered) : rendered;
}

/** Whether each pixel equals the next one. */
const areSingleColor = (rgb: Uint8Array): boolean => Buffer.compare(rgb.subarray(3), rgb.subarray(0, -3)) === 0;

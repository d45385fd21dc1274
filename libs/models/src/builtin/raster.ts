import sharp, { type Sharp } from 'sharp';
import type { Box, Size } from '@pentimento/contracts';

/** Opaque pixels, four bytes each (RGBA, alpha 255), row by row. */
export interface Raster extends Size {
  pixels: Buffer;
}

/** Most pixels of an image that is decoded at all: the upload limit, and room for a prompt's own enlargements. */
const mostPixels = 120_000_000;

/** Width and height of an image's bytes, or undefined where they are no readable image. */
export async function sizeOf(bytes: Uint8Array): Promise<Size | undefined> {
  try {
    const { width, height } = await open(bytes).metadata();
    return { width, height };
  } catch {
    return undefined;
  }
}

/** The image on white, resampled to `size`, or undefined where the bytes are no readable image. */
export async function resample(bytes: Uint8Array, size: Size, region?: Box): Promise<Raster | undefined> {
  try {
    const source = open(bytes).flatten({ background: '#ffffff' }).toColourspace('srgb');
    const cut = region ? source.extract({ left: region.x, top: region.y, ...sizeFrom(region) }) : source;
    return await pixelsOf(cut.resize(size.width, size.height, { fit: 'fill', kernel: 'cubic' }));
  } catch {
    return undefined;
  }
}

async function pixelsOf(image: Sharp): Promise<Raster> {
  const { data, info } = await image.removeAlpha().ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { pixels: data, width: info.width, height: info.height };
}

function open(bytes: Uint8Array): Sharp {
  return sharp(bytes, { limitInputPixels: mostPixels, failOn: 'error' });
}

function sizeFrom({ width, height }: Size): Size {
  return { width, height };
}

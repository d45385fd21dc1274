import sharp, { type Sharp } from 'sharp';
import type { Box, Size } from '@pentimento/contracts';

/** Opaque pixels, four bytes each (RGBA, alpha 255), row by row. */
export interface Raster extends Size {
  pixels: Buffer;
}

/** Where pixels come from: an image of the prompt, or a region of one in its own pixels. */
export interface Source {
  bytes: Uint8Array;
  region?: Box;
}

/** Most pixels of an image that is read at all: the upload limit, and room for a prompt's own enlargements. */
const maxReadPixels = 120_000_000;
/** Most pixels that are kept in memory: larger images are scaled down while they are decoded. */
const maxKeptPixels = 4_000_000;

/** Width and height of an image's bytes, or undefined where they are no image. */
export async function sizeOf(bytes: Uint8Array): Promise<Size | undefined> {
  try {
    const { width, height } = await open(bytes).metadata();
    return { width, height };
  } catch {
    return undefined;
  }
}

/** The source on white, at its own size or smaller; undefined where the bytes are no readable image. */
export async function decode({ bytes, region }: Source): Promise<Raster | undefined> {
  try {
    const image = open(bytes).flatten({ background: '#ffffff' }).toColourspace('srgb');
    const size = region ?? (await image.metadata());
    const cropped = region
      ? image.extract({ left: region.x, top: region.y, width: size.width, height: size.height })
      : image;
    const factor = Math.sqrt(maxKeptPixels / (size.width * size.height));
    return await pixelsOf(factor < 1 ? resized(cropped, scaled(size, factor)) : cropped);
  } catch {
    return undefined;
  }
}

/** The raster stretched to another size (bicubic). */
export async function stretch(raster: Raster, size: Size): Promise<Raster> {
  if (raster.width === size.width && raster.height === size.height)
    return { ...raster, pixels: Buffer.from(raster.pixels) };
  const { pixels, width, height } = raster;
  return pixelsOf(resized(sharp(pixels, { raw: { width, height, channels: 4 } }), size));
}

/**
 * Undoes an enlargement by a whole factor: each block of pixels becomes its mean. A raster that is no whole multiple of
 * `size` along both sides stays as it is.
 */
export function unenlarge(raster: Raster, { width, height }: Size): Raster {
  const factor = raster.width / width;
  if (factor <= 1 || !Number.isInteger(factor) || raster.height !== height * factor) return raster;
  const pixels = Buffer.alloc(width * height * 4);
  for (let at = 0; at < pixels.length; at++) {
    const [channel, x, y] = [at & 3, (at >> 2) % width, Math.floor((at >> 2) / width)];
    let sum = 0;
    for (let row = y * factor; row < (y + 1) * factor; row++)
      for (let column = x * factor; column < (x + 1) * factor; column++)
        sum += raster.pixels[(row * raster.width + column) * 4 + channel]!;
    pixels[at] = Math.round(sum / (factor * factor));
  }
  return { pixels, width, height };
}

/** A size times a factor, in whole pixels, at least 1. */
export function scaled({ width, height }: Size, factor: number): Size {
  return { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) };
}

function resized(image: Sharp, { width, height }: Size): Sharp {
  return image.resize(width, height, { fit: 'fill', kernel: 'cubic' });
}

async function pixelsOf(image: Sharp): Promise<Raster> {
  const { data, info } = await image.removeAlpha().ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { pixels: data, width: info.width, height: info.height };
}

function open(bytes: Uint8Array): Sharp {
  return sharp(bytes, { limitInputPixels: maxReadPixels, failOn: 'error' });
}

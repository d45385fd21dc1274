import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import type { Box, Size } from '@pentimento/contracts';
import { headerChunk, pngChunk, pngSignature } from './png.ts';

const examples = new URL('../../../../examples/', import.meta.url);

/** An example target of the repository, as its PNG bytes. */
export function example(name: string): Uint8Array {
  return readFileSync(new URL(`${name}.png`, examples));
}

function sizeOf(image: Uint8Array): Promise<Size> {
  return sharp(image).metadata();
}

export function blank({ width, height }: Size, background: string): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();
}

/** A part of an image, stretched to a size. */
export function part(image: Uint8Array, { x, y, width, height }: Box, size: Size): Promise<Uint8Array> {
  return sharp(image)
    .flatten({ background: 'white' })
    .extract({ left: x, top: y, width, height })
    .resize({ ...size, fit: 'fill' })
    .png()
    .toBuffer();
}

/** The image with a filled box. */
export async function paint(image: Uint8Array, box: Box, color: string): Promise<Uint8Array> {
  const patch = await blank(box, color);
  return sharp(image)
    .composite([{ input: patch, left: box.x, top: box.y }])
    .png()
    .toBuffer();
}

export function blur(image: Uint8Array, sigma: number): Promise<Uint8Array> {
  return sharp(image).blur(sigma).png().toBuffer();
}

/** Moved right and down by `pixels`, on white. */
export async function shift(image: Uint8Array, pixels: number): Promise<Uint8Array> {
  const size = await sizeOf(image);
  return sharp(image)
    .flatten({ background: 'white' })
    .extract({ left: 0, top: 0, width: size.width - pixels, height: size.height - pixels })
    .extend({ left: pixels, top: pixels, background: 'white' })
    .png()
    .toBuffer();
}

export function turnHue(image: Uint8Array, degrees: number): Promise<Uint8Array> {
  return sharp(image).modulate({ hue: degrees }).png().toBuffer();
}

/** The image with a white box over `share` of its width and height. */
export async function erase(image: Uint8Array, share: number): Promise<Uint8Array> {
  const { width, height } = await sizeOf(image);
  const box = { x: Math.round(width * 0.2), y: Math.round(height * 0.2), width: 0, height: 0 };
  return paint(image, { ...box, width: Math.round(width * share), height: Math.round(height * share) }, 'white');
}

/** A PNG with a size and no pixels. */
export function pngHeader(width: number, height: number): Uint8Array {
  const header = headerChunk({ width, height, colorType: 'rgb' });
  return Buffer.concat([pngSignature, header, pngChunk('IDAT'), pngChunk('IEND')]);
}

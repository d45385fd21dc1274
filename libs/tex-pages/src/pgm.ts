import type { Size } from '@pentimento/contracts';
import { InvalidImageError } from '@pentimento/imaging';
import { netpbmHeader } from './netpbm-header.ts';

/** Gray pixels, one byte each, from the top. */
export interface Gray extends Size {
  pixels: Buffer;
}

/**
 * Reads a binary PGM (P5, 8 bits) from a sandbox: a header of exactly this form and exactly its pixels. Undefined for no bytes.
 *
 * @throws InvalidImageError on anything else.
 */
export function readPgm(bytes: Buffer): Gray | undefined {
  if (bytes.length === 0) return undefined;
  const header = netpbmHeader(bytes, 'P5');
  if (!header || bytes.length !== header.length + header.width * header.height) {
    throw new InvalidImageError('The image is not a PGM.');
  }
  return { width: header.width, height: header.height, pixels: bytes.subarray(header.length) };
}

/** The edges of what is not white, in pixels from the left top; right and bottom are just after it. */
export interface Ink {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Undefined where all is white. */
export function inkOf({ width, height, pixels }: Gray): Ink | undefined {
  const white = Buffer.alloc(width, 255);
  const rowAt = (y: number): Buffer => pixels.subarray(y * width, (y + 1) * width);
  const isBlank = (y: number): boolean => rowAt(y).equals(white);
  let top = 0;
  while (top < height && isBlank(top)) top++;
  if (top === height) return undefined;
  let bottom = height;
  while (isBlank(bottom - 1)) bottom--;
  let left = width;
  let right = 0;
  for (let y = top; y < bottom; y++) {
    const row = rowAt(y);
    for (let x = 0; x < left; x++) if (row[x] !== 255) left = x;
    for (let x = width - 1; x >= right; x--) if (row[x] !== 255) right = x + 1;
  }
  return { left, top, right, bottom };
}

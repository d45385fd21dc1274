import type { Size } from '@pentimento/contracts';
import { InvalidImageError } from '@pentimento/imaging';
import { netpbmHeader } from './netpbm-header.ts';

/**
 * Reads a binary PPM (P6, 8 bits) from a sandbox: a header of exactly this form and exactly its pixels.
 *
 * @throws InvalidImageError on anything else.
 */
export function readPpm(bytes: Uint8Array, expected: Size): Size & { rgb: Uint8Array } {
  const header = netpbmHeader(bytes, 'P6');
  if (!header) throw new InvalidImageError('The image is not a PPM.');
  const { width, height, length } = header;
  if (width !== expected.width || height !== expected.height) {
    throw new InvalidImageError(`The image is ${width}x${height}, not ${expected.width}x${expected.height}.`);
  }
  const rgb = bytes.subarray(length);
  if (rgb.length !== expected.width * expected.height * 3) throw new InvalidImageError('The image has too few pixels.');
  return { ...expected, rgb };
}

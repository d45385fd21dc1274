import type { Size } from '@pentimento/contracts';
import { InvalidImageError } from '@pentimento/imaging';
import type { Pixels } from '../../image/pixels-outcome.ts';

/**
 * Reads a binary PPM (P6, 8 bits) from a sandbox: a header of exactly this form and exactly its pixels.
 *
 * @throws InvalidImageError on anything else.
 */
export function readPpm(bytes: Uint8Array, expected: Size): Pixels {
  const header = Buffer.from(bytes.subarray(0, 32)).toString('latin1');
  const [whole, width, height] = /^P6\n(\d{1,5}) (\d{1,5})\n255\n/.exec(header) ?? [];
  if (whole === undefined) throw new InvalidImageError('The image is not a PPM.');
  if (Number(width) !== expected.width || Number(height) !== expected.height) {
    throw new InvalidImageError(`The image is ${width}x${height}, not ${expected.width}x${expected.height}.`);
  }
  const rgb = bytes.subarray(whole.length);
  if (rgb.length !== expected.width * expected.height * 3) throw new InvalidImageError('The image has too few pixels.');
  return { ...expected, rgb };
}

import { decodeImage } from './decode.ts';
import { InvalidImageError } from './errors.ts';

/** Whether all pixels, 3 bytes each, are equal: each equals the next one. */
export const areSingleColor = (rgb: Uint8Array): boolean => Buffer.compare(rgb.subarray(3), rgb.subarray(0, -3)) === 0;

/** Whether an image, laid on white, has one single color. False where it cannot be read. */
export async function hasSingleColor(image: Uint8Array): Promise<boolean> {
  try {
    return areSingleColor((await decodeImage(image, 'target')).pixels);
  } catch (error) {
    if (error instanceof InvalidImageError) return false;
    throw error;
  }
}

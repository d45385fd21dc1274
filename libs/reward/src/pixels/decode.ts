import sharp from 'sharp';
import type { Size } from '@pentimento/contracts';
import { RewardInputError } from '../errors.ts';
import { flattenOnWhite, type RgbImage } from './image.ts';

/** Which of the two images the bytes are, for the words of an error. */
export type ImageRole = 'target' | 'render';

/** Largest target in pixels: above it Pillow refuses to open an image. */
const maxTargetPixels = 178_956_970;
/** Above this a render counts as no image at all (VinciCoder, `is_valid_image`). */
export const maxRenderPixels = 83_000_000;

/**
 * The size of a PNG, JPEG or WebP image from its header.
 * Throws `RewardInputError` where the bytes are none of these or the header is broken.
 */
export async function measureImage(bytes: Uint8Array, role: ImageRole): Promise<Size> {
  requireImage(bytes, role);
  try {
    const { width, height } = await sharp(bytes, { limitInputPixels: false }).metadata();
    return { width, height };
  } catch (cause) {
    throw unreadable(role, cause);
  }
}

/**
 * The pixels of a PNG, JPEG or WebP image: first frame only, colour profile and EXIF orientation ignored as the
 * reference does, transparency laid on white, 16-bit and CMYK reduced to 8-bit RGB.
 * Throws `RewardInputError` where the bytes cannot be read.
 */
export async function decodeImage(bytes: Uint8Array, role: ImageRole): Promise<RgbImage> {
  const size = await measureImage(bytes, role);
  if (size.width * size.height > maxTargetPixels) {
    throw new RewardInputError(
      `The ${role} has ${size.width} x ${size.height} pixels, more than can be scored: send one of at most ${maxTargetPixels} pixels.`,
    );
  }
  try {
    const { data, info } = await sharp(bytes, { ignoreIcc: true, limitInputPixels: false, failOn: 'error' })
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, pixels: toRgb(data, info.channels) };
  } catch (cause) {
    throw unreadable(role, cause);
  }
}

function toRgb(data: Uint8Array, channels: number): Uint8Array {
  switch (channels) {
    case 1:
      return repeatGrey(data);
    case 2:
      return flattenOnWhite(greyAlphaToRgba(data));
    case 3:
      return data;
    default:
      return flattenOnWhite(data);
  }
}

function repeatGrey(grey: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(grey.length * 3);
  for (let index = 0; index < grey.length; index++) rgb.fill(grey[index]!, index * 3, index * 3 + 3);
  return rgb;
}

function greyAlphaToRgba(data: Uint8Array): Uint8Array {
  const rgba = new Uint8Array(data.length * 2);
  for (let from = 0; from < data.length; from += 2) {
    rgba.fill(data[from]!, from * 2, from * 2 + 3);
    rgba[from * 2 + 3] = data[from + 1]!;
  }
  return rgba;
}

/** Looks at the first bytes, so that no other decoder of the image library ever sees them. */
function requireImage(bytes: Uint8Array, role: ImageRole): void {
  const starts = (...prefix: number[]) => prefix.every((byte, index) => bytes[index] === byte);
  const isPng = starts(0x89, 0x50, 0x4e, 0x47);
  const isJpeg = starts(0xff, 0xd8, 0xff);
  const isWebp = starts(0x52, 0x49, 0x46, 0x46) && new TextDecoder().decode(bytes.subarray(8, 12)) === 'WEBP';
  if (!isPng && !isJpeg && !isWebp) {
    throw new RewardInputError(`The ${role} is not a PNG, JPEG or WebP image: send one of these.`);
  }
}

function unreadable(role: ImageRole, cause: unknown): RewardInputError {
  return new RewardInputError(`The ${role} cannot be read as an image, its bytes are damaged: send it again.`, {
    cause,
  });
}

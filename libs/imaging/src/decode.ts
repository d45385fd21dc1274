import sharp from 'sharp';
import type { AlphaMode, Size } from '@pentimento/contracts';
import { InvalidImageError } from './errors.ts';
import { readHeader, type ImageHeader } from './header.ts';
import { dropAlpha, flattenOnWhite, isOpaque, toRgbPixels, type DecodedImage, type RgbImage } from './image.ts';

/** Which of the two images the bytes are, for error messages. */
export type ImageRole = 'target' | 'render';

/** Pillow refuses to open images of more pixels. */
const maxPixels = 178_956_970;
/** In pixels, the limit of JPEG: it bounds the memory of a resize. */
const maxSide = 65_535;
/** A render of more pixels counts as no image (VinciCoder, `is_valid_image`). */
const maxRenderPixels = 83_000_000;

/**
 * The size of a PNG, JPEG or WebP image from its header.
 * Throws `InvalidImageError` where the bytes are of another format or the header is damaged.
 */
export async function measureImage(bytes: Uint8Array, role: ImageRole): Promise<Size> {
  const { width, height } = await inspectImage(bytes, role);
  return { width, height };
}

/**
 * The pixels of a PNG, JPEG or WebP image: first frame only, color profile and EXIF orientation ignored as the reference
 * does. Of 16 bits per channel, also of gray, the upper 8 are kept; CMYK becomes RGB by Pillow's rule, (255 - C) (255 - K) / 255.
 * `flatten-white` gives RGB laid on white. `reference` gives the target in its own color mode, and the render as RGB
 * without its alpha. Throws `InvalidImageError` where the bytes cannot be read or are too large.
 */
export function decodeImage(bytes: Uint8Array, role: ImageRole, alpha?: 'flatten-white'): Promise<RgbImage>;
export function decodeImage(bytes: Uint8Array, role: 'render', alpha: AlphaMode): Promise<RgbImage>;
export function decodeImage(bytes: Uint8Array, role: ImageRole, alpha: AlphaMode): Promise<DecodedImage>;
export async function decodeImage(
  bytes: Uint8Array,
  role: ImageRole,
  alpha: AlphaMode = 'flatten-white',
): Promise<DecodedImage> {
  return decodeInspected(bytes, await inspectImage(bytes, role), role, alpha);
}

/** As `decodeImage` of a render; null where it is so large that it counts as none. */
export async function decodeRender(bytes: Uint8Array, alpha: AlphaMode): Promise<RgbImage | null> {
  const header = await inspectImage(bytes, 'render');
  if (header.width * header.height > maxRenderPixels) return null;
  return (await decodeInspected(bytes, header, 'render', alpha)) as RgbImage;
}

async function decodeInspected(
  bytes: Uint8Array,
  header: Inspected,
  role: ImageRole,
  alpha: AlphaMode,
): Promise<DecodedImage> {
  requireScorable(header, role);
  const stored = await readPixels(bytes, header, role);
  if (alpha === 'flatten-white') return onWhite(stored);
  const image = inOwnMode(stored, header);
  return role === 'target' ? image : { ...image, mode: 'RGB', pixels: toRgbPixels(image.pixels, image.mode) };
}

interface Inspected extends Size, ImageHeader {
  cmyk: boolean;
}

async function inspectImage(bytes: Uint8Array, role: ImageRole): Promise<Inspected> {
  const header = readHeader(bytes);
  if (!header) throw new InvalidImageError(`The ${role} is not a PNG, JPEG or WebP image: send one of these.`);
  try {
    const { width, height, space } = await sharp(bytes, { limitInputPixels: false }).metadata();
    return { ...header, width, height, cmyk: space === 'cmyk' };
  } catch (cause) {
    throw unreadable(role, cause);
  }
}

/** Checks the header, before memory is allocated for pixels. */
function requireScorable({ width, height }: Size, role: ImageRole): void {
  if (width * height > maxPixels) {
    throw new InvalidImageError(
      `The ${role} has ${width} x ${height} pixels, more than can be scored: send one of at most ${maxPixels} pixels.`,
    );
  }
  if (Math.max(width, height) > maxSide) {
    throw new InvalidImageError(
      `The ${role} has ${width} x ${height} pixels, a side longer than can be scored: send one of at most ${maxSide} a side.`,
    );
  }
}

/** Pixels as stored: RGB, RGBA (also where one color means transparent), or CMYK. */
async function readPixels(bytes: Uint8Array, { cmyk }: Inspected, role: ImageRole): Promise<DecodedImage> {
  const space = cmyk ? 'cmyk' : 'srgb';
  try {
    const { data, info } = await sharp(bytes, { ignoreIcc: true, limitInputPixels: false, failOn: 'error' })
      .pipelineColorspace(space)
      .toColorspace(space)
      .raw()
      .toBuffer({ resolveWithObject: true });
    const mode = info.channels === 3 ? 'RGB' : cmyk ? 'CMYK' : 'RGBA';
    return { mode, width: info.width, height: info.height, pixels: data };
  } catch (cause) {
    throw unreadable(role, cause);
  }
}

function onWhite({ width, height, mode, pixels }: DecodedImage): RgbImage {
  return { mode: 'RGB', width, height, pixels: mode === 'RGBA' ? flattenOnWhite(pixels) : toRgbPixels(pixels, mode) };
}

/** The mode in which Pillow opens the file. One color that means transparent is not alpha to it. */
function inOwnMode(image: DecodedImage, { indexed, alphaChannel }: ImageHeader): DecodedImage {
  if (image.mode !== 'RGBA') return indexed ? { ...image, mode: 'P' } : image;
  if (alphaChannel && !isOpaque(image.pixels)) return image;
  return { ...image, mode: indexed ? 'P' : 'RGB', pixels: dropAlpha(image.pixels) };
}

function unreadable(role: ImageRole, cause: unknown): InvalidImageError {
  return new InvalidImageError(`The ${role} cannot be read as an image, its bytes are damaged: send it again.`, {
    cause,
  });
}

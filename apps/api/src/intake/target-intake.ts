import { uploadLimits } from '@pentimento/contracts';
import sharp, { type Sharp } from 'sharp';
import { ProblemError } from '../http/problem.ts';
import { checkSize, imageType, isAnimatedPng, type ImageType } from './header.ts';
import { Slots } from './slots.ts';

/** The picture that the loop works towards: an opaque 8-bit sRGB PNG, upright, without metadata. */
export interface NormalisedTarget {
  /** The upload as it came, and its type by its content. */
  bytes: Uint8Array;
  type: ImageType;
  png: Uint8Array;
  width: number;
  height: number;
  /** The upload was transparent somewhere and has been flattened on white. */
  hadAlpha: boolean;
  /** Device pixels a CSS pixel, as far as the upload says it; else 1. */
  deviceScale: number;
}

const decodesAtOnce = 2;
const surround = '#ffffff';

/** Takes in what people upload. It stores nothing. */
export class TargetIntake {
  private readonly slots = new Slots(decodesAtOnce);

  /**
   * Checks type, size and that the whole image decodes, and converts it to what the loop and the reward see.
   * Throws a ProblemError for an image that cannot be used.
   */
  normalise(bytes: Uint8Array): Promise<NormalisedTarget> {
    return this.slots.run(async () => {
      const { type, density } = await checkHeader(bytes);
      try {
        return { bytes, type, deviceScale: deviceScaleOf(type, density), ...(await convert(bytes)) };
      } catch (error) {
        throw new ProblemError('invalid-image', 'The image is damaged or cut short; save it anew and send it again.', {
          cause: error,
        });
      }
    });
  }
}

async function checkHeader(bytes: Uint8Array): Promise<{ type: ImageType; density: number | undefined }> {
  const type = imageType(bytes);
  const header = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch((cause: unknown) => {
      throw new ProblemError('invalid-image', 'The image has no readable header; save it anew and send it again.', {
        cause,
      });
    });
  checkSize(header);
  if ((header.pages ?? 1) > 1 || (type === 'image/png' && isAnimatedPng(bytes))) {
    throw new ProblemError('unsupported-image', 'The image is animated; send the one frame that you mean.');
  }
  return { type, density: header.density };
}

/** Dots an inch at scale 1. */
const plainDensity = 72;
const scales = [2, 3, 4];

/**
 * Screenshots of macOS and of the like say 72 dpi times the screen's scale. Only PNGs are believed: in JPEGs and WebPs the
 * density is a camera's or a scanner's.
 */
function deviceScaleOf(type: ImageType, density = plainDensity): number {
  if (type !== 'image/png') return 1;
  return scales.find((scale) => Math.abs(density - scale * plainDensity) <= 1) ?? 1;
}

const open = (bytes: Uint8Array): Sharp =>
  sharp(bytes, { limitInputPixels: uploadLimits.pixels, sequentialRead: true, failOn: 'truncated' });

async function convert(bytes: Uint8Array): Promise<Pick<NormalisedTarget, 'png' | 'width' | 'height' | 'hadAlpha'>> {
  const { hasAlpha } = await open(bytes).metadata();
  const hadAlpha = hasAlpha && !(await open(bytes).stats()).isOpaque;
  const { data, info } = await open(bytes)
    .autoOrient()
    .flatten({ background: surround })
    .toColourspace('srgb')
    .png({ compressionLevel: 6 })
    .toBuffer({ resolveWithObject: true });
  return { png: data, width: info.width, height: info.height, hadAlpha };
}

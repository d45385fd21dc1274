import { Injectable } from '@nestjs/common';
import { uploadLimits } from '@pentimento/contracts';
import pLimit from 'p-limit';
import sharp, { type Sharp } from 'sharp';
import { ProblemException } from '../http/problem.exception.ts';
import { checkSize, imageType, isAnimatedPng, type ImageType } from './image-header.ts';

/** The image that the loop works toward: an opaque, upright 8-bit sRGB PNG without metadata. */
export interface NormalizedTarget {
  /** The upload as sent, and its type by its content. */
  bytes: Uint8Array;
  type: ImageType;
  png: Uint8Array;
  width: number;
  height: number;
  /** The upload had transparent pixels, behind which is now a ground that shows what is drawn. */
  hadAlpha: boolean;
  /** Device pixels per CSS pixel if the upload says so, else 1. */
  deviceScale: number;
}

const maxConcurrentDecodes = 2;
const white = '#ffffff';
const black = '#000000';
/** Difference of the lightest and the darkest pixel, 0 to 255, up to which an image shows nothing. */
const invisible = 16;

/** Checks uploaded images and converts them to targets. Stores nothing. */
@Injectable()
export class TargetNormalizer {
  private readonly limit = pLimit(maxConcurrentDecodes);

  /**
   * Checks the type, the size and that the whole image decodes, and converts it to what the loop and the reward see.
   * Throws a ProblemException for an image that cannot be used.
   */
  normalize(bytes: Uint8Array): Promise<NormalizedTarget> {
    return this.limit(async () => {
      const { type, density } = await checkHeader(bytes);
      try {
        return { bytes, type, deviceScale: deviceScaleOf(type, density), ...(await convert(bytes)) };
      } catch (error) {
        throw new ProblemException('invalid-image', 'The image is damaged or cut short; save it again and send that.', {
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
      throw new ProblemException('invalid-image', 'The image has no readable header; save it again and send that.', {
        cause,
      });
    });
  checkSize(header);
  if ((header.pages ?? 1) > 1 || (type === 'image/png' && isAnimatedPng(bytes))) {
    throw new ProblemException('unsupported-image', 'The image is animated; send a single frame.');
  }
  return { type, density: header.density };
}

/**
 * Device scales by dots per inch. Screenshots have the screen's scale times 72 dpi on macOS and times 96 dpi on Windows. 144 dpi is 2 and
 * 288 dpi is 3: screens of 1.5 are no scale that can be rendered, and of 4 there are none with 72 dpi.
 */
const scaleOfDensity: readonly (readonly [density: number, scale: number])[] = [
  [144, 2],
  [192, 2],
  [216, 3],
  [288, 3],
  [384, 4],
];

/** Only PNGs count: the density of a JPEG or WebP is a camera's or a scanner's. */
function deviceScaleOf(type: ImageType, density = 72): number {
  if (type !== 'image/png') return 1;
  return scaleOfDensity.find(([known]) => Math.abs(density - known) <= 1)?.[1] ?? 1;
}

const open = (bytes: Uint8Array): Sharp =>
  sharp(bytes, { limitInputPixels: uploadLimits.pixels, sequentialRead: true, failOn: 'truncated' });

/** Whether what is drawn shows on black and not on white, such as a white logo. */
async function needsBlack(bytes: Uint8Array): Promise<boolean> {
  return (await contrastOn(white, bytes)) <= invisible && (await contrastOn(black, bytes)) > invisible;
}

/** The largest difference within a channel, 0 to 255, of a transparent image on a ground. */
async function contrastOn(background: string, bytes: Uint8Array): Promise<number> {
  const flat = await open(bytes)
    .flatten({ background })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { channels } = await sharp(flat.data, { raw: flat.info }).stats();
  return Math.max(...channels.map(({ min, max }) => max - min));
}

async function convert(bytes: Uint8Array): Promise<Pick<NormalizedTarget, 'png' | 'width' | 'height' | 'hadAlpha'>> {
  const { hasAlpha } = await open(bytes).metadata();
  const hadAlpha = hasAlpha && !(await open(bytes).stats()).isOpaque;
  const { data, info } = await open(bytes)
    .autoOrient()
    .flatten({ background: hadAlpha && (await needsBlack(bytes)) ? black : white })
    .toColourspace('srgb')
    .png({ compressionLevel: 6 })
    .toBuffer({ resolveWithObject: true });
  return { png: data, width: info.width, height: info.height, hadAlpha };
}

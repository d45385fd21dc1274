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
  /** The upload had transparent pixels, which are now white. */
  hadAlpha: boolean;
  /** Device pixels per CSS pixel if the upload says so, else 1. */
  deviceScale: number;
}

const maxConcurrentDecodes = 2;
const background = '#ffffff';

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

/** Dots per inch at scale 1. */
const plainDensity = 72;
const scales = [2, 3, 4];

/**
 * Screenshots of macOS and similar systems have 72 dpi times the screen's scale. Only PNGs count: the density of a JPEG or
 * WebP is a camera's or a scanner's.
 */
function deviceScaleOf(type: ImageType, density = plainDensity): number {
  if (type !== 'image/png') return 1;
  return scales.find((scale) => Math.abs(density - scale * plainDensity) <= 1) ?? 1;
}

const open = (bytes: Uint8Array): Sharp =>
  sharp(bytes, { limitInputPixels: uploadLimits.pixels, sequentialRead: true, failOn: 'truncated' });

async function convert(bytes: Uint8Array): Promise<Pick<NormalizedTarget, 'png' | 'width' | 'height' | 'hadAlpha'>> {
  const { hasAlpha } = await open(bytes).metadata();
  const hadAlpha = hasAlpha && !(await open(bytes).stats()).isOpaque;
  const { data, info } = await open(bytes)
    .autoOrient()
    .flatten({ background })
    .toColourspace('srgb')
    .png({ compressionLevel: 6 })
    .toBuffer({ resolveWithObject: true });
  return { png: data, width: info.width, height: info.height, hadAlpha };
}

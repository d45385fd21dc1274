import type { Box, Size } from '@pentimento/contracts';
import sharp, { type OutputInfo, type Sharp } from 'sharp';

/** PNG bytes and their size. */
export interface SizedImage extends Size {
  image: Uint8Array;
}

/** Bounds of the longer side of a crop, in pixels. */
export interface CropLimits {
  minSide: number;
  maxSide: number;
}

async function png(image: Sharp): Promise<SizedImage> {
  const { data, info } = await image.png({ compressionLevel: 6 }).toBuffer({ resolveWithObject: true });
  return { image: data, width: info.width, height: info.height };
}

/** The image as a PNG whose longer side is at most `maxSide` pixels. Never enlarges. */
export function fitWithin(image: Uint8Array, maxSide: number): Promise<SizedImage> {
  return png(sharp(image).resize(maxSide, maxSide, { fit: 'inside', withoutEnlargement: true }));
}

/**
 * Stretches the image to `frame` and cuts the boxes out of it, in order. A crop whose longer side is under `minSide` is enlarged by
 * a whole factor; one above `maxSide` is scaled down to it.
 */
export async function cropRegions(
  image: Uint8Array,
  boxes: readonly Box[],
  frame: Size,
  limits: CropLimits,
): Promise<SizedImage[]> {
  const stretched = await sharp(image)
    .resize(frame.width, frame.height, { fit: 'fill' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return Promise.all(boxes.map((box) => cropOf(stretched, box, limits)));
}

interface Raw {
  data: Buffer;
  info: OutputInfo;
}

function cropOf({ data, info }: Raw, box: Box, { minSide, maxSide }: CropLimits) {
  const { width, height, channels } = info;
  const region = sharp(data, { raw: { width, height, channels } }).extract({
    left: box.x,
    top: box.y,
    width: box.width,
    height: box.height,
  });
  const longer = Math.max(box.width, box.height);
  if (longer > maxSide) return png(region.resize(maxSide, maxSide, { fit: 'inside' }));
  const factor = enlargement(longer, minSide, maxSide);
  if (factor === 1) return png(region);
  return png(region.resize(box.width * factor, box.height * factor, { kernel: 'nearest' }));
}

/** The smallest whole factor that brings `longer` to `minSide`, or the largest that stays within `maxSide`. */
function enlargement(longer: number, minSide: number, maxSide: number): number {
  return Math.max(1, Math.min(Math.ceil(minSide / longer), Math.floor(maxSide / longer)));
}

import type { Box, Size } from '@pentimento/contracts';
import { LRUCache } from 'lru-cache';
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

/** The image as a PNG whose longer side is at most `maxSide` pixels. Never enlarges. A PNG that fits is returned as it is. */
export async function fitWithin(image: Uint8Array, maxSide: number): Promise<SizedImage> {
  const { format, width, height } = await sharp(image).metadata();
  if (format === 'png' && Math.max(width, height) <= maxSide) return { image, width, height };
  return png(sharp(image).resize(maxSide, maxSide, { fit: 'inside', withoutEnlargement: true }));
}

/** Cuts regions out of images. The pixels of the images that were used last stay in memory with their crops, at most `memoryBytes` of pixels. */
export class RegionCropper {
  readonly #stretched: LRUCache<Uint8Array, Stretched>;

  constructor(memoryBytes = 64 * 2 ** 20) {
    this.#stretched = new LRUCache({ maxSize: memoryBytes, sizeCalculation: ({ raw }) => raw.data.byteLength });
  }

  /**
   * Stretches the image to `frame` and cuts the boxes out of it, in order. A crop whose longer side is under `minSide` is enlarged by
   * a whole factor; one above `maxSide` is scaled down to it. An image is known by its array, whose bytes must not change. Nor must those
   * of a crop.
   */
  async crops(image: Uint8Array, boxes: readonly Box[], frame: Size, limits: CropLimits): Promise<SizedImage[]> {
    if (boxes.length === 0) return [];
    const { raw, crops } = await this.#stretch(image, frame);
    return Promise.all(
      boxes.map((box) => {
        const key = JSON.stringify([box.x, box.y, box.width, box.height, limits.minSide, limits.maxSide]);
        return crops.get(key) ?? remember(crops, key, cropOf(raw, box, limits));
      }),
    );
  }

  async #stretch(image: Uint8Array, frame: Size): Promise<Stretched> {
    const known = this.#stretched.get(image);
    if (known?.frame.width === frame.width && known.frame.height === frame.height) return known;
    const raw = await sharp(image)
      .resize(frame.width, frame.height, { fit: 'fill' })
      .raw()
      .toBuffer({ resolveWithObject: true });
    const stretched = { raw, frame, crops: new LRUCache<string, Promise<SizedImage>>({ max: cropsKept }) };
    this.#stretched.set(image, stretched);
    return stretched;
  }
}

/** Crops that are kept of one image: those of a few rounds. A prompt shows the same crops again while no try is better. */
const cropsKept = 32;

interface Stretched {
  raw: Raw;
  frame: Size;
  crops: LRUCache<string, Promise<SizedImage>>;
}

/** A crop that fails is not kept. */
function remember(crops: Stretched['crops'], key: string, crop: Promise<SizedImage>): Promise<SizedImage> {
  crops.set(key, crop);
  crop.catch(() => crops.delete(key));
  return crop;
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

import type { Size } from '@pentimento/contracts';
import { forEachChange, type RgbImage } from '@pentimento/imaging';
import type { FeatureBase, ImageFeature } from './image-feature.ts';

/** Bound of the compared pixels: 1920 x 1080 keeps its own scale, larger images are averaged by a whole factor. */
const maxPixels = 2 ** 21;

/** Brightness of an image (BT.601), row-major, each value the mean of `factor` x `factor` pixels. The values lie in shared memory. */
export interface Luma extends Size {
  factor: number;
  values: Uint8Array;
}

export const luma: ImageFeature<Luma> = { id: 'luma', extract: lumaOf };

export function lumaOf(image: RgbImage, base?: FeatureBase<Luma>): Luma {
  const { width, height } = image;
  const factor = Math.ceil(Math.sqrt((width * height) / maxPixels));
  const size = { width: Math.max(1, Math.floor(width / factor)), height: Math.max(1, Math.floor(height / factor)) };
  const computed = { ...size, factor, values: new Uint8Array(new SharedArrayBuffer(size.width * size.height)) };
  if (!base) {
    brighten(computed, image, 0, 0, size.width, size.height);
    return computed;
  }
  computed.values.set(base.value.values);
  forEachChange(base.changes, image, (left, top, right, bottom) => {
    const [endX, endY] = [
      Math.min(size.width, Math.ceil(right / factor)),
      Math.min(size.height, Math.ceil(bottom / factor)),
    ];
    brighten(computed, image, Math.floor(left / factor), Math.floor(top / factor), endX, endY);
  });
  return computed;
}

/** Computes a part of a luma. */
function brighten(
  { width: lumaWidth, factor, values }: Luma,
  { width, height, pixels }: RgbImage,
  left: number,
  top: number,
  right: number,
  bottom: number,
): void {
  const across = Math.min(factor, width);
  const down = Math.min(factor, height);
  const share = 1 / (1000 * across * down);
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      let sum = 0;
      for (let row = 0; row < down; row++) {
        let from = ((y * factor + row) * width + x * factor) * 3;
        for (const end = from + across * 3; from < end; from += 3) {
          sum += 299 * pixels[from]! + 587 * pixels[from + 1]! + 114 * pixels[from + 2]!;
        }
      }
      values[y * lumaWidth + x] = Math.round(sum * share);
    }
  }
}

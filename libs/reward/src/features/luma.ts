import type { Size } from '@pentimento/contracts';
import { forEachChange, withKernels, type ImagePart, type KernelMemory, type RgbImage } from '@pentimento/imaging';
import type { FeatureBase, ImageFeature } from './image-feature.ts';

/** Bound of the compared pixels: 1920 x 1080 keeps its own scale, larger images are averaged by a whole factor. */
const maxPixels = 2 ** 21;
/** Of the pixels that are in the kernels' memory at a time. */
const bandBytes = 256 * 1024;

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
  if (base) computed.values.set(base.value.values);
  withKernels((memory) => {
    const brightener = new Brightener(memory, image, computed);
    if (!base) brightener.brighten({ left: 0, top: 0, right: size.width, bottom: size.height });
    else
      forEachChange(base.changes, image, (left, top, right, bottom) =>
        brightener.brighten({
          left: Math.floor(left / factor),
          top: Math.floor(top / factor),
          right: Math.min(size.width, Math.ceil(right / factor)),
          bottom: Math.min(size.height, Math.ceil(bottom / factor)),
        }),
      );
  });
  return computed;
}

/** Computes parts of a luma. */
class Brightener {
  readonly #memory: KernelMemory;
  readonly #image: RgbImage;
  readonly #luma: Luma;
  /** Addresses of pixels, and of what is computed of them. */
  readonly #source: number;
  readonly #target: number;
  /** Rows of the luma in the memory at a time. */
  readonly #rows: number;

  constructor(memory: KernelMemory, image: RgbImage, luma: Luma) {
    const rowBytes = image.width * 3;
    const rowsOfOne = Math.min(luma.factor, image.height);
    this.#memory = memory;
    this.#image = image;
    this.#luma = luma;
    this.#rows = Math.max(1, Math.floor(bandBytes / (rowsOfOne * rowBytes)));
    this.#source = memory.take(this.#rows * rowsOfOne * rowBytes);
    this.#target = memory.take(Math.max(this.#rows * luma.width, rowBytes * Uint32Array.BYTES_PER_ELEMENT));
  }

  brighten(part: ImagePart): void {
    const fill = this.#luma.factor === 1 ? this.#fillPixels : this.#fillMeans;
    for (let top = part.top; top < part.bottom; top += this.#rows)
      fill.call(this, { ...part, top, bottom: Math.min(part.bottom, top + this.#rows) });
  }

  #fillPixels(part: ImagePart): void {
    const { left, top, right, bottom } = part;
    const { width, values } = this.#luma;
    const [across, down] = [right - left, bottom - top];
    this.#memory.copyPart(this.#image, part, this.#source);
    this.#memory.kernels.luma(this.#source, across * down, this.#target);
    for (let row = 0, from = this.#target; row < down; row++, from += across)
      values.set(this.#memory.bytes.subarray(from, from + across), (top + row) * width + left);
  }

  #fillMeans({ left, top, right, bottom }: ImagePart): void {
    const { factor, width, values } = this.#luma;
    const { bytes, kernels } = this.#memory;
    const across = Math.min(factor, this.#image.width);
    const down = Math.min(factor, this.#image.height);
    const share = 1 / (1000 * across * down);
    const source = { left: left * factor, right: left * factor + (right - left - 1) * factor + across };
    const rowBytes = (source.right - source.left) * 3;
    const sums = new Uint32Array(bytes.buffer, this.#target, rowBytes);
    for (let y = top; y < bottom; y++) {
      this.#memory.copyPart(this.#image, { ...source, top: y * factor, bottom: y * factor + down }, this.#source);
      kernels.columnSums(this.#source, rowBytes, down, this.#target);
      for (let x = left, from = 0; x < right; x++) {
        let sum = 0;
        for (const end = from + across * 3; from < end; from += 3)
          sum += 299 * sums[from]! + 587 * sums[from + 1]! + 114 * sums[from + 2]!;
        values[y * width + x] = Math.round(sum * share);
      }
    }
  }
}

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
  /** Addresses: pixels, their luma, and the sums of columns. */
  readonly #source: number;
  readonly #target: number;
  readonly #sums: number;
  /** Rows of the luma in the memory at a time. */
  readonly #rows: number;

  constructor(memory: KernelMemory, image: RgbImage, luma: Luma) {
    const rowBytes = image.width * 3;
    this.#memory = memory;
    this.#image = image;
    this.#luma = luma;
    this.#rows = Math.max(1, Math.floor(bandBytes / (luma.factor * rowBytes)));
    this.#source = memory.take(this.#rows * luma.factor * rowBytes);
    this.#target = memory.take(this.#rows * luma.width);
    this.#sums = memory.take(rowBytes * Uint32Array.BYTES_PER_ELEMENT);
  }

  brighten(part: ImagePart): void {
    for (let top = part.top; top < part.bottom; top += this.#rows)
      this.#fill({ ...part, top, bottom: Math.min(part.bottom, top + this.#rows) });
  }

  /** A luma of more than one pixel a value is of an image whose sides are longer than its factor. */
  #fill(part: ImagePart): void {
    const { left, top, right, bottom } = part;
    const { factor, width, values } = this.#luma;
    const columns = right - left;
    const source = { left: left * factor, top: top * factor, right: right * factor, bottom: bottom * factor };
    this.#memory.copyPart(this.#image, source, this.#source);
    if (factor <= 2) this.#computeRows(columns, bottom - top);
    else this.#averageRows(columns, bottom - top);
    for (let y = top, from = this.#target; y < bottom; y++, from += columns)
      values.set(this.#memory.bytes.subarray(from, from + columns), y * width + left);
  }

  #computeRows(columns: number, rows: number): void {
    const { kernels } = this.#memory;
    if (this.#luma.factor === 1) return kernels.luma(this.#source, columns * rows, this.#target);
    const rowBytes = columns * 2 * 3;
    for (let row = 0; row < rows; row++) {
      const upper = this.#source + row * 2 * rowBytes;
      kernels.lumaOfSquares(upper, upper + rowBytes, columns, this.#target + row * columns);
    }
  }

  #averageRows(columns: number, rows: number): void {
    const { factor } = this.#luma;
    const { bytes, kernels } = this.#memory;
    const share = 1 / (1000 * factor * factor);
    const rowBytes = columns * factor * 3;
    const sums = new Uint32Array(bytes.buffer, this.#sums, rowBytes);
    for (let row = 0, to = this.#target; row < rows; row++) {
      kernels.columnSums(this.#source + row * factor * rowBytes, rowBytes, factor, this.#sums);
      for (let from = 0; from < rowBytes; to++) {
        let sum = 0;
        for (const end = from + factor * 3; from < end; from += 3)
          sum += 299 * sums[from]! + 587 * sums[from + 1]! + 114 * sums[from + 2]!;
        bytes[to] = Math.round(sum * share);
      }
    }
  }
}

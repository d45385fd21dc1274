import { readFileSync } from 'node:fs';
import type { RgbImage } from '../image.ts';

/** What wasm/kernels.ts exports. Pointers and strides are in bytes of its memory. */
interface Kernels {
  across(
    source: number,
    sourceStride: number,
    rows: number,
    pixelBytes: number,
    base: number,
    starts: number,
    weights: number,
    quads: number,
    columns: number,
    target: number,
    targetStride: number,
  ): void;
  down(
    source: number,
    stride: number,
    base: number,
    starts: number,
    weights: number,
    pairs: number,
    rowBytes: number,
    rows: number,
    target: number,
  ): void;
  difference(a: number, b: number, stride: number, rowBytes: number, rows: number): number;
  planes(source: number, area: number, table: number, target: number): void;
  luma(source: number, count: number, target: number): void;
  lumaOfSquares(upper: number, lower: number, count: number, target: number): void;
  blockSums(a: number, b: number, stride: number, blocks: number, target: number): void;
  columnSums(source: number, rowBytes: number, rows: number, target: number): void;
  columnDifferences(a: number, b: number, rowBytes: number, rows: number, target: number): void;
  countColors(source: number, count: number, counts: number, found: number, foundCount: number): number;
}

/** A part of an image in pixels, up to before right and bottom. */
export interface ImagePart {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const pageBytes = 65_536;
/** Bytes that kernels may read or write past a region's end. */
const slack = 64;
/** An instance with more memory is not kept. */
const keptBytes = 16 * 1024 * 1024;

const module = new WebAssembly.Module(readFileSync(new URL('../../wasm/kernels.wasm', import.meta.url)));
let kept: KernelMemory | undefined;

/** Calls `work` with the thread's instance, all of whose memory is free. An instance whose `work` throws is discarded. */
export function withKernels<Result>(work: (memory: KernelMemory) => Result): Result {
  const memory = kept ?? new KernelMemory();
  kept = undefined;
  const result = work(memory);
  if (memory.bytes.length <= keptBytes) kept = memory.cleared();
  return result;
}

/** An instance of the kernels and the regions of its memory. */
export class KernelMemory {
  readonly kernels: Kernels;
  readonly #memory = new WebAssembly.Memory({ initial: 1 });
  #bytes = new Uint8Array(this.#memory.buffer);
  #end = 0;

  constructor() {
    const imports = { env: { memory: this.#memory } };
    this.kernels = new WebAssembly.Instance(module, imports).exports as unknown as Kernels;
  }

  /** The whole memory; a new view after each region. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** The address of a new region with undefined contents; zeros in an instance that was not used before. */
  take(bytes: number): number {
    const address = this.#end;
    this.#end = address + Math.ceil((bytes + slack) / 16) * 16;
    const pages = Math.ceil((this.#end - this.#bytes.length) / pageBytes);
    if (pages > 0) {
      this.#memory.grow(pages);
      this.#bytes = new Uint8Array(this.#memory.buffer);
    }
    return address;
  }

  /** The address of a new region that holds the data. */
  put(data: Int32Array | Int16Array | Uint8Array | Float32Array): number {
    const address = this.take(data.byteLength);
    this.#bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), address);
    return address;
  }

  /** Copies a part of an image to an address, its rows without gaps. */
  copyPart({ width, pixels }: RgbImage, { left, top, right, bottom }: ImagePart, address: number): void {
    const rowBytes = (right - left) * 3;
    if (right - left === width) {
      this.#bytes.set(pixels.subarray(top * rowBytes, bottom * rowBytes), address);
      return;
    }
    for (let y = top; y < bottom; y++, address += rowBytes) {
      const from = (y * width + left) * 3;
      this.#bytes.set(pixels.subarray(from, from + rowBytes), address);
    }
  }

  cleared(): this {
    this.#end = 0;
    return this;
  }
}

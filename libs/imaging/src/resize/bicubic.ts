import type { Size } from '@pentimento/contracts';
import { LRUCache } from 'lru-cache';
import { axisWeights, type AxisWeights } from './axis-weights.ts';
import { maxBlockRows, type ReceiveBlock, type BlockFilter } from './blocks.ts';
import { withKernels, type KernelMemory } from './kernels.ts';

/** Rows of pixels of 3 or 4 bytes. */
export interface Plane extends Size {
  channels: 3 | 4;
  pixels: Uint8Array;
  /** Applied in place to a copy of the pixels before they are resized. */
  prepare?: (pixels: Uint8Array) => void;
}

/** Source bytes of one horizontal pass: they fit in a core's cache together with the window. */
const chunkBytes = 128 * 1024;

/**
 * Resizes as Pillow's `Image.resize(size, BICUBIC)`, byte for byte: horizontally first, rounded to bytes between the passes.
 * The result comes in blocks: the first column of `columnWidth` pixels from top to bottom, then the next. Memory holds only a
 * window of source rows, as high as the kernel's support and as wide as a column.
 */
export function resizeBicubicInBlocks(
  source: Plane,
  size: Size,
  columnWidth: number,
  receive: ReceiveBlock,
  include: BlockFilter = () => true,
): void {
  withKernels((memory) => {
    const across = placeAxis(memory, source.width, size.width, { group: 4, partLength: columnWidth });
    const down = placeAxis(memory, source.height, size.height, { group: 2, partLength: bandRows(source, size) });
    const passes = new Passes(memory, source, across, down);
    for (const columns of across.parts) passes.resizeColumns(columns, receive, include);
  });
}

/** A power of two, so that bands end where tiles do; fewer rows where each needs many source rows. */
function bandRows(source: Size, size: Size): number {
  const downscale = Math.max(1, source.height / size.height);
  return 2 ** Math.floor(Math.log2(Math.max(1, maxBlockRows / downscale)));
}

/** An axis in the kernels' memory, and the parts in which it is processed. */
interface Axis {
  /** Address of each output pixel's first source pixel. */
  starts: number;
  /** Address of the weights: for each output pixel `groups` groups of taps, the lower halves before the upper ones. */
  weights: number;
  groups: number;
  /** Bytes of the weights of an output pixel. */
  weightBytes: number;
  parts: AxisPart[];
  /** Whether the axis keeps its length: its pass would change nothing. */
  same: boolean;
}

interface AxisPart {
  /** Output pixels. */
  start: number;
  end: number;
  /** Source pixels with a weight. */
  from: number;
  to: number;
  /** End of the source pixels that are read, also those without a weight. */
  reach: number;
}

function placeAxis(
  memory: KernelMemory,
  sourceLength: number,
  length: number,
  { group, partLength }: { group: number; partLength: number },
): Axis {
  const { taps, groups, packed } = packedAxis(sourceLength, length, group);
  const parts = Array.from({ length: Math.ceil(length / partLength) }, (_, index) =>
    axisPart(taps, index * partLength, Math.min(length, (index + 1) * partLength), groups * group),
  );
  const weights = memory.put(packed);
  const same = sourceLength === length;
  return { starts: memory.put(taps.first), weights, groups, weightBytes: groups * group * 4, parts, same };
}

/** Weights as the kernels read them. */
interface PackedAxis {
  taps: AxisWeights;
  groups: number;
  packed: Int16Array;
}

/** Those of the last targets and their thumbnails: every render of a target needs the same. */
const packedAxes = new LRUCache<string, PackedAxis>({ max: 16 });

function packedAxis(sourceLength: number, length: number, group: number): PackedAxis {
  const key = `${sourceLength} ${length} ${group}`;
  const known = packedAxes.get(key);
  if (known) return known;
  const taps = axisWeights(sourceLength, length);
  const groups = Math.ceil(maxOf(taps.count, (count) => count) / group);
  const made = { taps, groups, packed: packWeights(taps, group, groups) };
  packedAxes.set(key, made);
  return made;
}

/** Along an axis, the first and the last source pixel with a weight never decrease. */
function axisPart({ first, count }: AxisWeights, start: number, end: number, taps: number): AxisPart {
  const last = end - 1;
  return { start, end, from: first[start]!, to: first[last]! + count[last]!, reach: first[last]! + taps };
}

/** Each weight as its lower 15 bits and the rest, group by group; see wasm/kernels.ts. */
function packWeights({ count, weights, stride }: AxisWeights, group: number, groups: number): Int16Array {
  const packed = new Int16Array(count.length * groups * group * 2);
  for (let index = 0; index < count.length; index++) {
    for (let tap = 0; tap < count[index]!; tap++) {
      const weight = weights[index * stride + tap]!;
      const at = (index * groups + Math.floor(tap / group)) * group * 2 + (tap % group);
      packed[at] = weight & 0x7fff;
      packed[at + group] = weight >> 15;
    }
  }
  return packed;
}

/** Both passes of one resize, a column of the result at a time. */
class Passes {
  readonly #memory: KernelMemory;
  readonly #source: Plane;
  readonly #across: Axis;
  readonly #down: Axis;
  /** Addresses: source rows, the same after the pass across, and the rows of a block. */
  readonly #chunk: number;
  readonly #window: number;
  readonly #output: number;

  constructor(memory: KernelMemory, source: Plane, across: Axis, down: Axis) {
    const { channels } = source;
    const rowBytes = maxOf(across.parts, ({ start, end }) => end - start) * channels;
    this.#memory = memory;
    this.#source = source;
    this.#across = across;
    this.#down = down;
    this.#chunk = memory.take(chunkBytes + maxOf(across.parts, ({ from, reach }) => reach - from) * channels);
    this.#window = memory.take(maxOf(down.parts, ({ from, reach }) => reach - from) * rowBytes);
    this.#output = memory.take(maxOf(down.parts, ({ start, end }) => end - start) * rowBytes);
  }

  resizeColumns(columns: AxisPart, receive: ReceiveBlock, include: BlockFilter): void {
    const width = columns.end - columns.start;
    const rowBytes = width * this.#source.channels;
    const loaded = { from: 0, to: 0 };
    for (const band of this.#down.parts) {
      if (!include(columns.start, band.start)) continue;
      this.#slideWindow((band.from - loaded.from) * rowBytes, (loaded.to - loaded.from) * rowBytes);
      const missing = Math.max(loaded.to, band.from);
      this.#fillWindow(columns, missing, band.to, this.#window + (missing - band.from) * rowBytes);
      loaded.from = band.from;
      loaded.to = band.to;
      const bytes = this.#resizeDown(band, rowBytes);
      receive({ left: columns.start, top: band.start, width, height: band.end - band.start, bytes });
    }
  }

  /** Moves the rows that the next band needs too to the window's start. */
  #slideWindow(from: number, to: number): void {
    if (from < to) this.#memory.bytes.copyWithin(this.#window, this.#window + from, this.#window + to);
  }

  /** Source rows `from` to `to` at an address in the window, after the pass across. */
  #fillWindow(columns: AxisPart, from: number, to: number, target: number): void {
    const { channels } = this.#source;
    const rowBytes = (columns.end - columns.start) * channels;
    if (this.#across.same) return this.#copyRows(columns.start, columns.end, from, to, target);
    const chunkRows = Math.max(1, Math.floor(chunkBytes / ((columns.to - columns.from) * channels)));
    for (let top = from; top < to; top += chunkRows) {
      const bottom = Math.min(to, top + chunkRows);
      this.#copyRows(columns.from, columns.to, top, bottom, this.#chunk);
      this.#resizeAcross(columns, bottom - top, target + (top - from) * rowBytes);
    }
  }

  #copyRows(left: number, right: number, top: number, bottom: number, target: number): void {
    const { pixels, width, channels, prepare } = this.#source;
    const { bytes } = this.#memory;
    const rowBytes = (right - left) * channels;
    for (let y = top; y < bottom; y++) {
      const at = (y * width + left) * channels;
      bytes.set(pixels.subarray(at, at + rowBytes), target + (y - top) * rowBytes);
    }
    prepare?.(bytes.subarray(target, target + (bottom - top) * rowBytes));
  }

  #resizeAcross({ start, end, from, to }: AxisPart, rows: number, target: number): void {
    const { channels } = this.#source;
    const { starts, weights, weightBytes, groups } = this.#across;
    this.#memory.kernels.across(
      this.#chunk,
      (to - from) * channels,
      rows,
      channels,
      from,
      starts + start * 4,
      weights + start * weightBytes,
      groups,
      end - start,
      target,
      (end - start) * channels,
    );
  }

  /** The band's rows of the result. */
  #resizeDown({ start, end, from }: AxisPart, rowBytes: number): Uint8Array {
    const { starts, weights, weightBytes, groups } = this.#down;
    const { bytes, kernels } = this.#memory;
    const rows = end - start;
    const firstStart = starts + start * 4;
    const firstWeight = weights + start * weightBytes;
    kernels.down(this.#window, rowBytes, from, firstStart, firstWeight, groups, rowBytes, rows, this.#output);
    return bytes.subarray(this.#output, this.#output + rows * rowBytes);
  }
}

function maxOf<Item>(items: Iterable<Item>, measure: (item: Item) => number): number {
  let max = 0;
  for (const item of items) max = Math.max(max, measure(item));
  return max;
}

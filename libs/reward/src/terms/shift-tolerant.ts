import type { Size } from '@pentimento/contracts';
import { withKernels, type KernelMemory } from '@pentimento/imaging';
import type { Shift } from '../features/image-feature.ts';
import { luma, type Luma } from '../features/luma.ts';
import type { PixelsTerm } from './reward-term.ts';

/** Bounds of the shifts that are tried: in pixels of the luma, and as a share of the shorter side. */
const maxShift = { pixels: 8, share: 1 / 8 };
/** The search begins at a scale of 1/4 and ends at the luma's own; at each it tries the shifts around the best one so far. */
const coarsestScale = 4;
/** Side of the blocks whose sums are added up to overlapping windows of twice the side. */
const blockSide = 4;
/** SSIM's constants for values of 0..255. */
const c1 = (0.01 * 255) ** 2;
const c2 = (0.03 * 255) ** 2;

/** Structural similarity at the best shift of a few pixels. */
export const shiftTolerant: PixelsTerm<Luma> = {
  id: 'shiftTolerant',
  label: 'shift tolerant',
  description: 'the best match within a few pixels',
  needs: 'pixels',
  threshold: true,
  nothingRendered: 0,
  identical: 1,
  feature: luma,
  compute: similarityAtBestShift,
};

/**
 * Similarity at the best shift, 0..1, 1 for equal images: the mean structural similarity (SSIM, Wang et al. 2004, in windows of 8 px
 * every 4 px, a negative mean as 0) of the parts that overlap. The shift, how far the render lies to the right of and below the
 * target in pixels of the image, has the smallest mean absolute difference among those of at most 8 px and an eighth of the
 * shorter side, found from coarse to fine; it is 0 where no shift is more similar. Both lumas have the same size.
 */
export function similarityAtBestShift(target: Luma, render: Luma): { value: number; shift: Shift } {
  const still = { value: structuralSimilarity(target, render, { x: 0, y: 0 }), shift: { x: 0, y: 0 } };
  if (still.value === 1) return still;
  const best = bestShift(target, render);
  if (best.x === 0 && best.y === 0) return still;
  const value = structuralSimilarity(target, render, best);
  const { factor } = target;
  return value > still.value ? { value, shift: { x: best.x * factor, y: best.y * factor } } : still;
}

function bestShift(target: Luma, render: Luma): Shift {
  const limit = Math.min(maxShift.pixels, Math.floor(Math.min(target.width, target.height) * maxShift.share));
  let best: Shift = { x: 0, y: 0 };
  for (const { scale, a, b } of pyramidOf(target, render)) {
    if (Math.min(target.width, target.height) < 4 * scale) continue;
    const radius = scale === coarsestScale ? Math.ceil(limit / scale) : 1;
    best = withKernels((memory) => {
      const difference = meanDifferences(a, memory, memory.put(a.values), memory.put(b.values));
      return bestAround(difference, best, { scale, limit, radius });
    });
  }
  return best;
}

/** Both lumas at the scales of the search, coarsest first, each half as large as the next. */
function pyramidOf(a: Luma, b: Luma): { scale: number; a: Luma; b: Luma }[] {
  const levels = [{ scale: 1, a, b }];
  for (let scale = 2; scale <= coarsestScale; scale *= 2)
    levels.unshift({ scale, a: halve(levels[0]!.a), b: halve(levels[0]!.b) });
  return levels;
}

/** The shift of the smallest difference within a radius of one, all in pixels of scale 1; the middle one where none is smaller. */
function bestAround(
  difference: MeanDifference,
  middle: Shift,
  { scale, limit, radius }: { scale: number; limit: number; radius: number },
): Shift {
  const center = { x: Math.round(middle.x / scale), y: Math.round(middle.y / scale) };
  let best = middle;
  let smallest = difference(center, Infinity);
  for (let y = center.y - radius; y <= center.y + radius; y++) {
    for (let x = center.x - radius; x <= center.x + radius; x++) {
      if (Math.max(Math.abs(x), Math.abs(y)) * scale > limit) continue;
      const found = difference({ x, y }, smallest);
      if (found >= smallest) continue;
      smallest = found;
      best = { x: x * scale, y: y * scale };
    }
  }
  return best;
}

function halve({ width: fullWidth, height: fullHeight, factor, values: full }: Luma): Luma {
  const [width, height] = [fullWidth >> 1, fullHeight >> 1];
  const values = new Uint8Array(width * height);
  for (let y = 0, to = 0; y < height; y++) {
    let from = 2 * y * fullWidth;
    for (const end = to + width; to < end; to++, from += 2) {
      values[to] = (full[from]! + full[from + 1]! + full[from + fullWidth]! + full[from + fullWidth + 1]! + 2) >> 2;
    }
  }
  return { width, height, factor: factor * 2, values };
}

/** Mean absolute difference of the overlapping parts at a shift; it stops early where that is not under `bound`. */
type MeanDifference = (shift: Shift, bound: number) => number;

/** Rows that are added up between two checks of the sum. */
const rowsPerStep = 32;

/** Of two lumas of one size that lie at addresses of the kernels' memory. */
function meanDifferences(size: Size, { kernels }: KernelMemory, a: number, b: number): MeanDifference {
  return (shift, bound) => {
    const { left, top, width, height } = overlap(size, shift);
    const maxSum = bound * width * height;
    const offset = b - a + shift.y * size.width + shift.x;
    let sum = 0;
    for (let row = 0; row < height && sum < maxSum; row += rowsPerStep) {
      const at = a + (top + row) * size.width + left;
      sum += kernels.difference(at, at + offset, size.width, width, Math.min(rowsPerStep, height - row)) >>> 0;
    }
    return sum / (width * height);
  };
}

/** The part of the target that a render moved by `shift` still shows. */
function overlap({ width, height }: Size, { x, y }: Shift) {
  return { left: Math.max(0, -x), top: Math.max(0, -y), width: width - Math.abs(x), height: height - Math.abs(y) };
}

function structuralSimilarity(target: Luma, render: Luma, shift: Shift): number {
  const area = overlap(target, shift);
  const columns = Math.floor(area.width / blockSide);
  const rows = Math.floor(area.height / blockSide);
  if (columns < 2 || rows < 2) return similarityOfAll(target, render);
  return withKernels((memory) => {
    const sums = new BlockSums(memory, target, render, shift, columns);
    let total = 0;
    let equalAbove = false;
    for (let row = 0; row < rows; row++) {
      const top = area.top + row * blockSide;
      const equal = linesEqual(target, render, shift, { ...area, top });
      // Windows of equal pixels have a similarity of 1; the sums of an equal line are needed only next to one that differs.
      if (row > 0 && equal && equalAbove) total += columns - 1;
      else if (row > 0) {
        if (equalAbove) sums.add({ left: area.left, top: top - blockSide });
        total += similarityOfLine(sums.last, sums.add({ left: area.left, top }), columns);
      } else if (!equal) sums.add({ left: area.left, top });
      equalAbove = equal;
    }
    return Math.max(0, total / ((columns - 1) * (rows - 1)));
  });
}

/** Whether a line of blocks has equal pixels in both. */
function linesEqual(
  target: Luma,
  render: Luma,
  shift: Shift,
  { left, top, width }: { left: number; top: number; width: number },
): boolean {
  const [targetLuma, renderLuma] = [target.values, render.values];
  const offset = shift.y * target.width + shift.x;
  for (let y = top; y < top + blockSide; y++) {
    let from = y * target.width + left;
    for (const end = from + width; from < end; from++)
      if (targetLuma[from]! !== renderLuma[from + offset]!) return false;
  }
  return true;
}

/** Of a block: the sums of a, of b, of the squares of both, and of a times b. */
const sumsOfBlock = 4;

/** The sums of the last two lines of blocks. */
class BlockSums {
  readonly #memory: KernelMemory;
  readonly #target: Luma;
  readonly #render: Luma;
  readonly #shift: Shift;
  readonly #columns: number;
  /** Addresses of the pixels of a line. */
  readonly #a: number;
  readonly #b: number;
  #lines: { address: number; sums: Int32Array }[];

  constructor(memory: KernelMemory, target: Luma, render: Luma, shift: Shift, columns: number) {
    this.#memory = memory;
    this.#target = target;
    this.#render = render;
    this.#shift = shift;
    this.#columns = columns;
    const lineBytes = blockSide * target.width;
    [this.#a, this.#b] = [memory.take(lineBytes), memory.take(lineBytes)];
    const length = Math.ceil(columns / 4) * 4 * sumsOfBlock;
    const addresses = [0, 1].map(() => memory.take(length * Int32Array.BYTES_PER_ELEMENT));
    this.#lines = addresses.map((address) => ({
      address,
      sums: new Int32Array(memory.bytes.buffer, address, length),
    }));
  }

  /** The line that was added last. */
  get last(): Int32Array {
    return this.#lines[0]!.sums;
  }

  /** Sums of the line that starts at a pixel of the target. The line before the last is overwritten. */
  add({ left, top }: { left: number; top: number }): Int32Array {
    const { bytes, kernels } = this.#memory;
    const { width, values } = this.#target;
    const start = top * width + left;
    const offset = this.#shift.y * width + this.#shift.x;
    const length = (blockSide - 1) * width + this.#columns * blockSide;
    bytes.set(values.subarray(start, start + length), this.#a);
    bytes.set(this.#render.values.subarray(start + offset, start + offset + length), this.#b);
    this.#lines.reverse();
    kernels.blockSums(this.#a, this.#b, width, this.#columns, this.#lines[0]!.address);
    return this.last;
  }
}

/** The sum over the windows of two by two blocks that lie in two lines of blocks. */
function similarityOfLine(above: Int32Array, below: Int32Array, columns: number): number {
  const count = (2 * blockSide) ** 2;
  let total = 0;
  for (let at = 0; at < (columns - 1) * sumsOfBlock; at += sumsOfBlock) {
    total += similarity(
      above[at]! + above[at + 4]! + below[at]! + below[at + 4]!,
      above[at + 1]! + above[at + 5]! + below[at + 1]! + below[at + 5]!,
      above[at + 2]! + above[at + 6]! + below[at + 2]! + below[at + 6]!,
      above[at + 3]! + above[at + 7]! + below[at + 3]! + below[at + 7]!,
      count,
    );
  }
  return total;
}

/** One window over the whole, for images too small for two by two blocks. */
function similarityOfAll(target: Luma, render: Luma): number {
  let [sumA, sumB, squares, products] = [0, 0, 0, 0];
  target.values.forEach((a, index) => {
    const b = render.values[index]!;
    sumA += a;
    sumB += b;
    squares += a * a + b * b;
    products += a * b;
  });
  return Math.max(0, similarity(sumA, sumB, squares, products, target.values.length));
}

/** SSIM of a window of `count` pixels, from its sums; exactly 1 for equal ones. */
function similarity(sumA: number, sumB: number, squares: number, products: number, count: number): number {
  const product = sumA * sumB;
  const sumOfSquares = sumA * sumA + sumB * sumB;
  const covariance = 2 * (count * products - product);
  const variances = count * squares - sumOfSquares;
  const [k1, k2] = [c1 * count * count, c2 * count * count];
  return ((2 * product + k1) * (covariance + k2)) / ((sumOfSquares + k1) * (variances + k2));
}

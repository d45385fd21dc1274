import type { Size } from '@pentimento/contracts';
import type { RgbImage } from '../pixels/image.ts';

/** Most pixels of the luma that is compared: 1920 x 1080 keeps its own scale, larger images are averaged by a whole factor. */
const mostPixels = 2 ** 21;
/** Largest shift that is looked for, in pixels of the compared luma and as a share of the shorter side. */
const farthest = { pixels: 8, share: 1 / 8 };
/** Scales of the search, coarsest first: the shifts around the best one so far, in steps of the scale. */
const searchScales = [4, 2, 1] as const;
/** Side of the blocks whose sums are added up to overlapping windows of twice the side. */
const blockSide = 4;
/** SSIM's constants for values of 0..255. */
const c1 = (0.01 * 255) ** 2;
const c2 = (0.03 * 255) ** 2;

/** Brightness of an image (BT.601), row-major, each value the mean of `factor` x `factor` pixels of the image. */
export interface Luma extends Size {
  factor: number;
  values: Uint8Array;
}

export interface Shift {
  x: number;
  y: number;
}

export interface ShiftedNearness {
  score: number;
  /** How far the render lies to the right of and below the target, in pixels of the image. */
  shift: Shift;
}

/** The values lie in shared memory, so that threads pass them on without a copy. */
export function lumaOf({ width, height, pixels }: RgbImage): Luma {
  const factor = Math.ceil(Math.sqrt((width * height) / mostPixels));
  const size = { width: Math.max(1, Math.floor(width / factor)), height: Math.max(1, Math.floor(height / factor)) };
  const values = new Uint8Array(new SharedArrayBuffer(size.width * size.height));
  const across = Math.min(factor, width);
  const down = Math.min(factor, height);
  const share = 1 / (1000 * across * down);
  for (let y = 0, to = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++, to++) {
      let sum = 0;
      for (let row = 0; row < down; row++) {
        let from = ((y * factor + row) * width + x * factor) * 3;
        for (let column = 0; column < across; column++, from += 3) {
          sum += 299 * pixels[from]! + 587 * pixels[from + 1]! + 114 * pixels[from + 2]!;
        }
      }
      values[to] = Math.round(sum * share);
    }
  }
  return { ...size, factor, values };
}

/**
 * Nearness at the best shift, 0..1, 1 for equal images: the mean structural similarity (SSIM, Wang et al. 2004, in windows of 8 px
 * every 4 px, a negative mean as 0) of the parts that overlap. The shift has the smallest mean absolute difference among those
 * of at most 8 px and an eighth of the shorter side, found from coarse to fine; it counts only where it is nearer than none.
 * Both lumas have the same size.
 */
export function nearnessAtBestShift(target: Luma, render: Luma): ShiftedNearness {
  const still = { score: structuralSimilarity(target, render, { x: 0, y: 0 }), shift: { x: 0, y: 0 } };
  const best = bestShift(target, render);
  if (still.score === 1 || (best.x === 0 && best.y === 0)) return still;
  const score = structuralSimilarity(target, render, best);
  const { factor } = target;
  return score > still.score ? { score, shift: { x: best.x * factor, y: best.y * factor } } : still;
}

function bestShift(target: Luma, render: Luma): Shift {
  const most = Math.min(farthest.pixels, Math.floor(Math.min(target.width, target.height) * farthest.share));
  let best: Shift = { x: 0, y: 0 };
  for (const scale of searchScales) {
    if (Math.min(target.width, target.height) < 4 * scale) continue;
    const [a, b] = [shrink(target, scale), shrink(render, scale)];
    best = nearestAround(a, b, best, { scale, most, around: scale === searchScales[0] ? Math.ceil(most / scale) : 1 });
  }
  return best;
}

/** The nearest of the shifts around one, all in pixels of scale 1; the one in the middle where none is nearer. */
function nearestAround(
  a: Luma,
  b: Luma,
  middle: Shift,
  { scale, most, around }: { scale: number; most: number; around: number },
): Shift {
  const centre = { x: Math.round(middle.x / scale), y: Math.round(middle.y / scale) };
  let best = middle;
  let least = meanDifference(a, b, centre, Infinity);
  for (let y = centre.y - around; y <= centre.y + around; y++) {
    for (let x = centre.x - around; x <= centre.x + around; x++) {
      if (Math.max(Math.abs(x), Math.abs(y)) * scale > most) continue;
      const difference = meanDifference(a, b, { x, y }, least);
      if (difference >= least) continue;
      least = difference;
      best = { x: x * scale, y: y * scale };
    }
  }
  return best;
}

function shrink(luma: Luma, factor: number): Luma {
  if (factor === 1) return luma;
  const [width, height] = [Math.floor(luma.width / factor), Math.floor(luma.height / factor)];
  const values = new Uint8Array(width * height);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to++) {
      let sum = 0;
      for (let row = 0; row < factor; row++) {
        const from = (y * factor + row) * luma.width + x * factor;
        for (let column = 0; column < factor; column++) sum += luma.values[from + column]!;
      }
      values[to] = Math.round(sum / (factor * factor));
    }
  }
  return { width, height, factor: luma.factor * factor, values };
}

/** Of the overlapping parts; given up as soon as it is not under `least`. */
function meanDifference(a: Luma, b: Luma, shift: Shift, least: number): number {
  const { left, top, width, height } = overlap(a, shift);
  const most = least * width * height;
  let sum = 0;
  for (let y = top; y < top + height && sum < most; y++) {
    let from = y * a.width + left;
    const offset = shift.y * a.width + shift.x;
    for (const end = from + width; from < end; from++) sum += Math.abs(a.values[from]! - b.values[from + offset]!);
  }
  return sum / (width * height);
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
  let above = new Float64Array(columns * sumsOfBlock);
  let below = new Float64Array(columns * sumsOfBlock);
  let total = 0;
  for (let row = 0; row < rows; row++) {
    sumBlocks(target, render, shift, { left: area.left, top: area.top + row * blockSide }, below);
    if (row > 0) total += similarityOfLine(above, below);
    [above, below] = [below, above];
  }
  return Math.max(0, total / ((columns - 1) * (rows - 1)));
}

/** Of a block: the sums of a, of b, of the squares of both, and of a times b. */
const sumsOfBlock = 4;

/** Writes the sums of a line of blocks that starts at a place of the target. */
function sumBlocks(
  target: Luma,
  render: Luma,
  shift: Shift,
  start: { left: number; top: number },
  line: Float64Array,
): void {
  line.fill(0);
  const offset = shift.y * target.width + shift.x;
  for (let y = start.top; y < start.top + blockSide; y++) {
    let from = y * target.width + start.left;
    for (let to = 0; to < line.length; to += sumsOfBlock) {
      let [sumA, sumB, squares, products] = [0, 0, 0, 0];
      for (const end = from + blockSide; from < end; from++) {
        const a = target.values[from]!;
        const b = render.values[from + offset]!;
        sumA += a;
        sumB += b;
        squares += a * a + b * b;
        products += a * b;
      }
      line[to]! += sumA;
      line[to + 1]! += sumB;
      line[to + 2]! += squares;
      line[to + 3]! += products;
    }
  }
}

/** The sum over the windows of two by two blocks that lie in two lines of blocks. */
function similarityOfLine(above: Float64Array, below: Float64Array): number {
  const count = (2 * blockSide) ** 2;
  let total = 0;
  for (let at = 0; at + sumsOfBlock < above.length; at += sumsOfBlock) {
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

/** One window over everything, for images that hold no more. */
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

/** SSIM of a window of so many pixels, from its sums; exactly 1 for equal ones. */
function similarity(sumA: number, sumB: number, squares: number, products: number, count: number): number {
  const product = sumA * sumB;
  const sumOfSquares = sumA * sumA + sumB * sumB;
  const covariance = 2 * (count * products - product);
  const variances = count * squares - sumOfSquares;
  const [k1, k2] = [c1 * count * count, c2 * count * count];
  return ((2 * product + k1) * (covariance + k2)) / ((sumOfSquares + k1) * (variances + k2));
}

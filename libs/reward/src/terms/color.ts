import { changedWithin, KernelMemory, type ImagePart, type RgbImage } from '@pentimento/imaging';
import type { FeatureBase, ImageFeature } from '../features/image-feature.ts';
import type { PixelsTerm } from './reward-term.ts';

/** Side of the grid of regions whose colors are compared as well as those of the whole. */
const gridSide = 4;
const regionCount = gridSide ** 2;
/** Widths of a histogram's bins in OKLab: from a just visible difference of two areas to another hue. */
const binWidths = [0.06, 0.12, 0.24] as const;
/** OKLab of sRGB: L in 0..1, a and b within -0.32..0.28. */
const origin = { L: 0, a: -0.36, b: -0.36 };
const extent = { L: 1, a: 0.72, b: 0.72 };
/** Bits of a channel that are kept. */
const bits = 6;
const levels = 1 << bits;

/** The histograms of a part of an image lie in one array, one for each bin width. */
const layouts = createLayouts();
const binCount = layouts.at(-1)!.end;

/**
 * The colors of an image, in the whole and in a grid of 4 x 4 regions. The values lie in shared memory, so that threads pass
 * them on without a copy.
 */
export interface ColorHistograms {
  /** Of each region: the pixels in each bin; a color counts in the bins around it. */
  counts: Float32Array;
  /** Of the whole and then of each region: the square roots of each bin's share. */
  roots: Float32Array;
}

const colorHistograms: ImageFeature<ColorHistograms> = { id: 'colorHistograms', extract: histogramsOf };

/** Overlap of the colors. */
export const color: PixelsTerm<ColorHistograms> = {
  id: 'color',
  label: 'color',
  description: 'colors alone',
  needs: 'pixels',
  threshold: true,
  nothingRendered: 0,
  identical: 1,
  feature: colorHistograms,
  compute: colorSimilarity,
};

/** With a base, regions without a change are taken from there. */
export function histogramsOf(image: RgbImage, base?: FeatureBase<ColorHistograms>): ColorHistograms {
  const counts = sharedFloats(regionCount * binCount);
  const roots = sharedFloats((1 + regionCount) * binCount);
  for (let region = 0; region < regionCount; region++) {
    const [left, right] = edges(region % gridSide, image.width);
    const [top, bottom] = edges(Math.floor(region / gridSide), image.height);
    const [start, end] = [region * binCount, (region + 1) * binCount];
    if (base && !changedWithin(base.changes, left, top, right, bottom)) {
      counts.set(base.value.counts.subarray(start, end), start);
      roots.set(base.value.roots.subarray(start + binCount, end + binCount), start + binCount);
    } else {
      countColors(image, { left, top, right, bottom }, counts.subarray(start, end));
      roots.set(counts.subarray(start, end), start + binCount);
      rootShares(roots.subarray(start + binCount, end + binCount));
    }
  }
  const whole = roots.subarray(0, binCount);
  for (let at = 0, bin = 0; at < counts.length; at++, bin = bin + 1 === binCount ? 0 : bin + 1) {
    whole[bin]! += counts[at]!;
  }
  rootShares(whole);
  return { counts, roots };
}

/**
 * Similarity in color, 0..1, 1 for equal colors: the mean of the similarity of the whole images' colors and that of their 4 x 4
 * regions', each the mean over three bin widths of 1 - sum |sqrt p - sqrt q| / sum (sqrt p + sqrt q), where p and q are the shares
 * of colors in OKLab bins; a color counts in the eight bins around it, linearly by the distance to their centers. The roots keep a wide background from hiding the ink, the
 * bin widths make it fall with the distance of colors (a pyramid match, Grauman and Darrell 2005; OKLab: Ottosson 2020), and
 * ignoring positions makes it nearly insensitive to small shifts.
 */
export function colorSimilarity({ roots: target }: ColorHistograms, { roots: render }: ColorHistograms): number {
  const byWidth = layouts.map(
    (layout) => (distance(target, render, layout, 0, 1) + distance(target, render, layout, 1, 1 + regionCount)) / 2,
  );
  return 1 - byWidth.reduce((sum, value) => sum + value, 0) / byWidth.length;
}

/** Distance of the histograms of one bin width of some parts, 0..1. */
function distance(a: Float32Array, b: Float32Array, { start, end }: Layout, firstPart: number, endPart: number) {
  let difference = 0;
  let total = 0;
  for (let part = firstPart; part < endPart; part++) {
    for (let bin = part * binCount + start; bin < part * binCount + end; bin++) {
      difference += Math.abs(a[bin]! - b[bin]!);
      total += a[bin]! + b[bin]!;
    }
  }
  return total === 0 ? 0 : difference / total;
}

/** Turns the counts in the histograms of a part into the square roots of their shares. */
function rootShares(histograms: Float32Array): void {
  for (const { start, end } of layouts) {
    let pixels = 0;
    for (let bin = start; bin < end; bin++) pixels += histograms[bin]!;
    const share = pixels === 0 ? 0 : 1 / pixels;
    for (let bin = start; bin < end; bin++) histograms[bin] = Math.sqrt(histograms[bin]! * share);
  }
}

/** Memory in which the colors of pixels are counted: how many pixels have each, all 0 between two counts, and the list of those found. */
const counting = new KernelMemory();
const counts = counting.take(levels ** 3 * Uint32Array.BYTES_PER_ELEMENT);
const found = counting.take(levels ** 3 * Uint32Array.BYTES_PER_ELEMENT);
const chunkBytes = 256 * 1024;
const chunk = counting.take(chunkBytes);
const pixelsOf = new Uint32Array(counting.bytes.buffer, counts, levels ** 3);
const foundCodes = new Uint32Array(counting.bytes.buffer, found, levels ** 3);
/** OKLab of each color that occurred, L, a and b; NaN for the others. */
const okLabs = new Float32Array(3 * levels ** 3).fill(Number.NaN);

/** Adds a region's pixels to histograms, as many rows at a time as fit in the chunk: a row of a region always does. */
function countColors(image: RgbImage, region: ImagePart, histograms: Float32Array): void {
  const columns = region.right - region.left;
  const rows = Math.floor(chunkBytes / (3 * columns));
  let foundCount = 0;
  for (let top = region.top; top < region.bottom; top += rows) {
    const bottom = Math.min(region.bottom, top + rows);
    counting.copyPart(image, { ...region, top, bottom }, chunk);
    foundCount = counting.kernels.countColors(chunk, columns * (bottom - top), counts, found, foundCount);
  }
  for (const code of foundCodes.subarray(0, foundCount)) {
    distribute(code, pixelsOf[code]!, histograms);
    pixelsOf[code] = 0;
  }
}

/** Adds a color to the eight bins around it, linearly by the distance to their centers. */
function distribute(code: number, count: number, histograms: Float32Array): void {
  const at = code * 3;
  if (Number.isNaN(okLabs[at]!)) okLabs.set(okLab(code), at);
  for (const { width, start, acrossL, acrossA } of layouts) {
    const x = (okLabs[at]! - origin.L) / width;
    const y = (okLabs[at + 1]! - origin.a) / width;
    const z = (okLabs[at + 2]! - origin.b) / width;
    const [i, j, k] = [Math.floor(x), Math.floor(y), Math.floor(z)];
    const [farX, farY, farZ] = [x - i, y - j, z - k];
    const bin = start + i * acrossL + j * acrossA + k;
    const near = count * (1 - farX);
    const far = count * farX;
    histograms[bin]! += near * (1 - farY) * (1 - farZ);
    histograms[bin + 1]! += near * (1 - farY) * farZ;
    histograms[bin + acrossA]! += near * farY * (1 - farZ);
    histograms[bin + acrossA + 1]! += near * farY * farZ;
    histograms[bin + acrossL]! += far * (1 - farY) * (1 - farZ);
    histograms[bin + acrossL + 1]! += far * (1 - farY) * farZ;
    histograms[bin + acrossL + acrossA]! += far * farY * (1 - farZ);
    histograms[bin + acrossL + acrossA + 1]! += far * farY * farZ;
  }
}

/** Where the histogram of a bin width lies, and the bins from one to the next in L and in a. */
interface Layout {
  width: number;
  start: number;
  end: number;
  acrossL: number;
  acrossA: number;
}

function createLayouts(): Layout[] {
  let start = 0;
  return binWidths.map((width) => {
    const [L, a, b] = [extent.L, extent.a, extent.b].map((length) => Math.ceil(length / width) + 2) as [
      number,
      number,
      number,
    ];
    const layout = { width, start, end: start + L * a * b, acrossL: a * b, acrossA: b };
    start = layout.end;
    return layout;
  });
}

function edges(index: number, length: number): [start: number, end: number] {
  return [Math.round((index * length) / gridSide), Math.round(((index + 1) * length) / gridSide)];
}

function sharedFloats(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(length * 4));
}

function okLab(code: number): [L: number, a: number, b: number] {
  const [red, green, blue] = [code >> (2 * bits), (code >> bits) & (levels - 1), code & (levels - 1)].map((level) =>
    linear(level / (levels - 1)),
  ) as [number, number, number];
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** sRGB's transfer function, 0..1 to linear light. */
function linear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

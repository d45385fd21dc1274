import type { Size } from '@pentimento/contracts';
import type { Raster } from './raster.ts';

/** One cell of the color histogram: 6 bits a channel. */
interface Bin {
  key: number;
  red: number;
  green: number;
  blue: number;
  /** Square root of the pixel count, so that thin lines count next to large backgrounds. */
  weight: number;
  count: number;
}

type Color = readonly [red: number, green: number, blue: number];

const rounds = 6;
/** Only the most frequent bins shape the palette: noise has too many. */
const maxClustered = 4096;

/** A raster in few colors: the index into `palette` of each pixel. The first color covers most. */
export interface Indexed extends Size {
  palette: string[];
  indices: Uint8Array;
}

/**
 * The raster in at most `colors` (1 to 255) colors: k-means over a histogram, seeded by the farthest heavy color each
 * time. A cluster that one exact color rules takes that color, so flat grounds keep their value.
 */
export function reduceColors(raster: Raster, colors: number): Indexed {
  const bins = histogram(raster);
  const palette = cluster(bins.slice(0, maxClustered), Math.min(255, Math.max(1, colors)));
  const counts = palette.map(() => 0);
  const nearestOf = bins.map((bin) => nearest(palette, bin));
  bins.forEach((bin, at) => (counts[nearestOf[at]!]! += bin.count));
  const order = palette.map((_, index) => index).sort((a, b) => counts[b]! - counts[a]!);
  const table = new Uint8Array(1 << 18);
  bins.forEach((bin, at) => (table[bin.key] = order.indexOf(nearestOf[at]!)));
  const indices = new Uint8Array(raster.width * raster.height);
  for (let at = 0; at < indices.length; at++) indices[at] = table[keyAt(raster.pixels, at * 4)]!;
  return { width: raster.width, height: raster.height, palette: order.map((index) => hexOf(palette[index]!)), indices };
}

function hexOf(color: Color): string {
  return `#${color.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

function histogram({ pixels }: Raster): Bin[] {
  const { counts, leaders } = tally(pixels);
  const bins: Bin[] = [];
  for (let key = 0; key < counts.length; key++) {
    const [count, color] = [counts[key]!, leaders[key]!];
    if (count === 0) continue;
    bins.push({
      key,
      count,
      weight: Math.sqrt(count),
      red: color >> 16,
      green: (color >> 8) & 255,
      blue: color & 255,
    });
  }
  return bins.sort((a, b) => b.count - a.count || a.key - b.key);
}

/** Pixels of each bin, and a color that stands for it: the majority's, by the vote of Boyer and Moore. */
function tally(pixels: Buffer): { counts: Uint32Array; leaders: Uint32Array } {
  const [counts, leaders, votes] = [new Uint32Array(1 << 18), new Uint32Array(1 << 18), new Int32Array(1 << 18)];
  for (let at = 0; at < pixels.length; at += 4) {
    const key = keyAt(pixels, at);
    const color = (pixels[at]! << 16) | (pixels[at + 1]! << 8) | pixels[at + 2]!;
    counts[key]!++;
    if (votes[key] === 0) leaders[key] = color;
    votes[key]! += leaders[key] === color ? 1 : -1;
  }
  return { counts, leaders };
}

function keyAt(pixels: Buffer, at: number): number {
  return ((pixels[at]! >> 2) << 12) | ((pixels[at + 1]! >> 2) << 6) | (pixels[at + 2]! >> 2);
}

function cluster(bins: readonly Bin[], colors: number): Color[] {
  let palette = farthestFirst(bins, colors);
  for (let round = 0; round < rounds; round++) palette = meansOf(bins, palette);
  return heaviestOf(bins, palette);
}

function farthestFirst(bins: readonly Bin[], colors: number): Color[] {
  const first = bins[0]!;
  const palette: Color[] = [[first.red, first.green, first.blue]];
  const distances = bins.map((bin) => distance(palette[0]!, bin));
  while (palette.length < Math.min(colors, bins.length)) {
    const far = bins.reduce(
      (best, bin, index) => (distances[index]! * bin.weight > distances[best]! * bins[best]!.weight ? index : best),
      0,
    );
    if (distances[far] === 0) break;
    const { red, green, blue } = bins[far]!;
    palette.push([red, green, blue]);
    bins.forEach((bin, index) => (distances[index] = Math.min(distances[index]!, distance([red, green, blue], bin))));
  }
  return palette;
}

function meansOf(bins: readonly Bin[], palette: readonly Color[]): Color[] {
  const sums = palette.map(() => [0, 0, 0, 0]);
  for (const bin of bins) {
    const sum = sums[nearest(palette, bin)]!;
    sum[0]! += bin.red * bin.weight;
    sum[1]! += bin.green * bin.weight;
    sum[2]! += bin.blue * bin.weight;
    sum[3]! += bin.weight;
  }
  return sums.map(([red, green, blue, weight], index): Color =>
    weight ? [red! / weight, green! / weight, blue! / weight] : palette[index]!,
  );
}

/** A cluster that one color rules takes that color; a mixed one takes its mean. */
function heaviestOf(bins: readonly Bin[], palette: readonly Color[]): Color[] {
  const heaviest = new Map<number, Bin>();
  const totals = new Map<number, number>();
  for (const bin of bins) {
    const index = nearest(palette, bin);
    if (!heaviest.has(index)) heaviest.set(index, bin);
    totals.set(index, (totals.get(index) ?? 0) + bin.count);
  }
  return palette.map((mean, index): Color => {
    const bin = heaviest.get(index);
    if (bin && bin.count * 2 > totals.get(index)!) return [bin.red, bin.green, bin.blue];
    return [Math.round(mean[0]), Math.round(mean[1]), Math.round(mean[2])];
  });
}

function nearest(palette: readonly Color[], bin: Bin): number {
  let best = 0;
  let smallest = Infinity;
  for (let index = 0; index < palette.length; index++) {
    const far = distance(palette[index]!, bin);
    if (far < smallest) [best, smallest] = [index, far];
  }
  return best;
}

function distance([red, green, blue]: Color, bin: Bin): number {
  return (red - bin.red) ** 2 + (green - bin.green) ** 2 + (blue - bin.blue) ** 2;
}

import type { RgbImage } from '../pixels/image.ts';

/** Sides of the grid of regions whose colours are compared beside those of the whole. */
const gridSide = 4;
/** Widths of a histogram's bins in OKLab, from a just visible difference of two areas to another hue. */
const binWidths = [0.06, 0.12, 0.24] as const;
/** OKLab of sRGB: L in 0..1, a and b within -0.32..0.28. */
const lowest = { L: 0, a: -0.36, b: -0.36 };
const reach = { L: 1, a: 0.72, b: 0.72 };
/** Bits of a channel that are told apart. */
const bits = 6;
const levels = 1 << bits;

/** Square roots of the shares of an image's colours: a histogram by bin width, each for the whole and then for every region. */
export interface ColourSummary {
  histograms: Float32Array[][];
}

/** The colours of an image, in the whole and in a grid of 4 x 4 regions. */
export function summariseColour(image: RgbImage): ColourSummary {
  const regions = countColours(image);
  const whole = new Map<number, number>();
  for (const region of regions) for (const [code, count] of region) whole.set(code, (whole.get(code) ?? 0) + count);
  const all = [whole, ...regions];
  return { histograms: binWidths.map((width) => all.map((counts) => softHistogram(counts, width))) };
}

/**
 * Nearness in colour, 0..1, 1 for equal colours: the mean of the nearness of the whole images' colours and that of their 4 x 4
 * regions', each the mean over three bin widths of 1 - sum |sqrt p - sqrt q| / sum (sqrt p + sqrt q), where p and q are the shares
 * of colours in OKLab bins that a colour shares out linearly among. The roots keep a wide background from hiding the ink, the
 * bin widths make it fall with the distance of colours (a pyramid match, Grauman and Darrell 2005; OKLab: Ottosson 2020), and
 * colours without place make it nearly blind to small shifts.
 */
export function colourNearness(target: ColourSummary, render: ColourSummary): number {
  const byWidth = target.histograms.map((wanted, index) => {
    const [whole, ...regions] = wanted.map((histogram, part) =>
      difference(histogram, render.histograms[index]![part]!),
    );
    return (ratio([whole!]) + ratio(regions)) / 2;
  });
  return 1 - byWidth.reduce((sum, value) => sum + value, 0) / byWidth.length;
}

interface Difference {
  apart: number;
  total: number;
}

function difference(a: Float32Array, b: Float32Array): Difference {
  let apart = 0;
  let total = 0;
  for (let bin = 0; bin < a.length; bin++) {
    apart += Math.abs(a[bin]! - b[bin]!);
    total += a[bin]! + b[bin]!;
  }
  return { apart, total };
}

function ratio(differences: readonly Difference[]): number {
  const apart = differences.reduce((sum, part) => sum + part.apart, 0);
  const total = differences.reduce((sum, part) => sum + part.total, 0);
  return total === 0 ? 0 : apart / total;
}

/** How many pixels of each region have a colour, by its code; a region without pixels has none. */
function countColours({ width, height, pixels }: RgbImage): Map<number, number>[] {
  const counts = new Uint32Array(levels ** 3);
  return Array.from({ length: gridSide ** 2 }, (_, region) => {
    const [left, right] = edges(region % gridSide, width);
    const [top, bottom] = edges(Math.floor(region / gridSide), height);
    const found: number[] = [];
    for (let y = top; y < bottom; y++) {
      for (let x = left, from = (y * width + left) * 3; x < right; x++, from += 3) {
        const code = colourCode(pixels[from]!, pixels[from + 1]!, pixels[from + 2]!);
        if (counts[code]! === 0) found.push(code);
        counts[code]!++;
      }
    }
    const colours = new Map(found.map((code) => [code, counts[code]!]));
    for (const code of found) counts[code] = 0;
    return colours;
  });
}

function edges(index: number, length: number): [start: number, end: number] {
  return [Math.round((index * length) / gridSide), Math.round(((index + 1) * length) / gridSide)];
}

function colourCode(red: number, green: number, blue: number): number {
  const drop = 8 - bits;
  return ((red >> drop) << (2 * bits)) | ((green >> drop) << bits) | (blue >> drop);
}

/** Each colour goes to the eight bins around it by its nearness to their centres. */
function softHistogram(counts: ReadonlyMap<number, number>, width: number): Float32Array {
  const sides = [reach.L, reach.a, reach.b].map((length) => Math.ceil(length / width) + 2);
  const histogram = new Float32Array(sides[0]! * sides[1]! * sides[2]!);
  let pixels = 0;
  for (const [code, count] of counts) {
    pixels += count;
    const [L, a, b] = okLab(code);
    const [x, y, z] = [(L - lowest.L) / width, (a - lowest.a) / width, (b - lowest.b) / width];
    for (let corner = 0; corner < 8; corner++) {
      const [i, j, k] = [
        Math.floor(x) + (corner & 1),
        Math.floor(y) + ((corner >> 1) & 1),
        Math.floor(z) + (corner >> 2),
      ];
      const weight = (1 - Math.abs(x - i)) * (1 - Math.abs(y - j)) * (1 - Math.abs(z - k));
      histogram[(i * sides[1]! + j) * sides[2]! + k]! += weight * count;
    }
  }
  return histogram.map((weight) => Math.sqrt(weight / Math.max(1, pixels)));
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

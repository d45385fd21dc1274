import type { RgbImage } from '@pentimento/imaging';

/** Levels (of 255) by which a channel must differ for a pixel to count as changed: what is fainter is hardly seen. */
export const tolerance = 16;

/**
 * How the rows, or the columns, of an image correspond to those of another that has more or fewer. The longer one has a band, of as
 * many as it has more, that the shorter one lacks; what lies behind the band has moved by its width.
 */
export interface Seam {
  /** Where the band begins in the longer image, and the shorter one goes on behind it. */
  cut: number;
  /** How many more the other image has; negative where it has fewer. */
  growth: number;
}

export interface Seams {
  rows: Seam;
  columns: Seam;
}

/** For each index its index in the other image; within a band that it lacks, the two on either side of the cut. */
export function counterparts({ cut, growth }: Seam, length: number): (readonly number[])[] {
  return Array.from({ length }, (_, index) => {
    if (index < cut) return [index];
    return growth >= 0 || index >= cut - growth ? [index + growth] : [cut - 1, cut];
  });
}

/** The same seam, seen from the other image. */
export const reversed = ({ rows, columns }: Seams): Seams => ({
  rows: { cut: rows.cut, growth: -rows.growth },
  columns: { cut: columns.cut, growth: -columns.growth },
});

/** Rows and columns correspond by their distance from the top left. */
export const fromTopLeft = (image: RgbImage, other: RgbImage): Seams => ({
  rows: { cut: Math.min(image.height, other.height), growth: other.height - image.height },
  columns: { cut: Math.min(image.width, other.width), growth: other.width - image.width },
});

/** The seams that leave the fewest pixels changed. Images of one size have none. */
export function bestSeams(image: RgbImage, other: RgbImage): Seams {
  let { rows, columns } = fromTopLeft(image, other);
  for (let round = 0; round < 2; round++) {
    const across = counterparts(columns, image.width);
    rows = bestCut(rows, image.height, (y, to) => count(across, (x, otherX) => differ(image, other, x, y, otherX, to)));
    const down = counterparts(rows, image.height);
    columns = bestCut(columns, image.width, (x, to) =>
      count(down, (y, otherY) => differ(image, other, x, y, to, otherY)),
    );
  }
  return { rows, columns };
}

/** How many indexes outside of a band differ from their counterparts. */
function count(found: readonly (readonly number[])[], differs: (index: number, to: number) => boolean): number {
  let sum = 0;
  for (let index = 0; index < found.length; index++) {
    const to = found[index]!;
    if (to.length === 1 && differs(index, to[0]!)) sum++;
  }
  return sum;
}

/** The last of the cuts with the least sum of differences: in front of it indexes stay, behind it they move. */
function bestCut({ cut, growth }: Seam, length: number, differences: (index: number, to: number) => number): Seam {
  if (growth === 0) return { cut, growth };
  const shorter = length + Math.min(0, growth);
  const lag = Math.max(0, -growth);
  let sum = 0;
  for (let index = 0; index < shorter; index++) sum += differences(index + lag, index + lag + growth);
  let best = { cut: 0, sum };
  for (let index = 0; index < shorter; index++) {
    sum += differences(index, index) - differences(index + lag, index + lag + growth);
    if (sum <= best.sum) best = { cut: index + 1, sum };
  }
  return { cut: best.cut, growth };
}

/** Whether two pixels differ visibly. Outside of the other image its nearest pixel counts. */
export function differ(
  image: RgbImage,
  other: RgbImage,
  x: number,
  y: number,
  otherX: number,
  otherY: number,
): boolean {
  const nearX = Math.min(Math.max(otherX, 0), other.width - 1);
  const nearY = Math.min(Math.max(otherY, 0), other.height - 1);
  const [a, b] = [(y * image.width + x) * 3, (nearY * other.width + nearX) * 3];
  return (
    Math.abs(image.pixels[a]! - other.pixels[b]!) > tolerance ||
    Math.abs(image.pixels[a + 1]! - other.pixels[b + 1]!) > tolerance ||
    Math.abs(image.pixels[a + 2]! - other.pixels[b + 2]!) > tolerance
  );
}

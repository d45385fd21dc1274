import type { Box } from '@pentimento/contracts';
import type { RgbImage } from '@pentimento/imaging';

/** Levels (of 255) by which a channel must differ for a pixel to count as changed: what is fainter is hardly seen. */
const tolerance = 16;
/** Fewer changed pixels than this are not visible: a dot of 5 x 5 is. */
const minPixels = 25;

export interface ChangedRegion {
  /** In target pixels. */
  box: Box;
  /** Share of the target's pixels that changed, 0..1. */
  share: number;
}

/**
 * Where a render visibly differs from its target: the box around all changed pixels. Null where fewer than 25 pixels differ by
 * more than 16 levels in a channel.
 *
 * Where the two are of different sizes, the layout has moved. A pixel is then unchanged if the other image has it at the
 * same distance from a corner, the middle of a side or the center; so what moved as a whole with the edge of the image does not
 * count, and what moved otherwise does. If only the render has pixels that the target lacks, the box is where they lie,
 * moved into the target.
 */
export function changedRegion(target: RgbImage, render: RgbImage): ChangedRegion | null {
  const lost = unmatched(target, render);
  const gained = sameSize(target, render) ? lost : unmatched(render, target);
  const { box, pixels } =
    lost.pixels >= minPixels ? lost : { ...gained, box: gained.box && within(gained.box, target) };
  if (pixels < minPixels || !box) return null;
  return { box, share: Math.min(1, pixels / (target.width * target.height)) };
}

interface Unmatched {
  pixels: number;
  box: Box | null;
}

/** The pixels of one image that the other does not have at a corresponding position. */
function unmatched(image: RgbImage, other: RgbImage): Unmatched {
  const rows = offsets(other.height - image.height);
  const columns = offsets(other.width - image.width);
  let [pixels, left, top, right, bottom] = [0, image.width, image.height, -1, -1];
  for (let y = 0; y < image.height; y++) {
    for (let x = 0; x < image.width; x++) {
      if (rows.some((down) => columns.some((across) => matches(image, other, x, y, x + across, y + down)))) continue;
      pixels++;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  return { pixels, box: pixels === 0 ? null : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 } };
}

/** How far a position moves that keeps its distance from the start, the middle or the end of a side that grew by `growth`. */
const offsets = (growth: number): number[] => [...new Set([0, growth, Math.round(growth / 2)])];

function matches(image: RgbImage, other: RgbImage, x: number, y: number, otherX: number, otherY: number): boolean {
  if (otherX < 0 || otherY < 0 || otherX >= other.width || otherY >= other.height) return false;
  const [a, b] = [(y * image.width + x) * 3, (otherY * other.width + otherX) * 3];
  for (let channel = 0; channel < 3; channel++) {
    if (Math.abs(image.pixels[a + channel]! - other.pixels[b + channel]!) > tolerance) return false;
  }
  return true;
}

const sameSize = (a: RgbImage, b: RgbImage): boolean => a.width === b.width && a.height === b.height;

/** The part of the box within the image; where there is none, the pixels of the image nearest to it. */
function within({ x, y, width, height }: Box, image: RgbImage): Box {
  const [left, top] = [Math.min(x, image.width - 1), Math.min(y, image.height - 1)];
  return {
    x: left,
    y: top,
    width: Math.max(1, Math.min(x + width, image.width) - left),
    height: Math.max(1, Math.min(y + height, image.height) - top),
  };
}

import type { Box } from '@pentimento/contracts';
import type { RgbImage } from '@pentimento/imaging';
import { bestSeams, counterparts, differ, fromTopLeft, reversed, tolerance, type Seams } from './seam.ts';

/** Fewer changed pixels than this are not visible: a dot of 5 x 5 is. */
const minPixels = 25;

/** What is said of a render that does not differ visibly. */
export const notVisible = `Fewer than ${minPixels} pixels differ by more than ${tolerance} levels.`;

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
 * Where the two are of different sizes, the layout has moved. Then the render is cut in two by a row, a column or both, where that
 * leaves the fewest pixels changed, and what lies behind moves by the difference: what only moved there is not in the box, and
 * what the cut took out or put in is. An addition lies in the box where it covers the target. If nothing but empty space was taken
 * out or put in, the move itself is what changed, and the box holds all that moved.
 */
export function changedRegion(target: RgbImage, render: RgbImage): ChangedRegion | null {
  const candidates = sameSize(target, render)
    ? [fromTopLeft(target, render)]
    : [bestSeams(target, render), fromTopLeft(target, render)];
  for (const seams of candidates) {
    const changes = new Changes(target);
    addLost(changes, target, render, seams);
    addGained(changes, target, render, reversed(seams));
    if (changes.count >= minPixels) return changes.region();
  }
  return null;
}

/** Changed pixels of a target, and the box around them. */
class Changes {
  readonly #target: RgbImage;
  count = 0;
  #left = Infinity;
  #top = Infinity;
  #right = -1;
  #bottom = -1;

  constructor(target: RgbImage) {
    this.#target = target;
  }

  /** Outside of the target its nearest pixel counts. */
  add(x: number, y: number): void {
    const [nearX, nearY] = [Math.min(x, this.#target.width - 1), Math.min(y, this.#target.height - 1)];
    this.count++;
    this.#left = Math.min(this.#left, nearX);
    this.#right = Math.max(this.#right, nearX);
    this.#top = Math.min(this.#top, nearY);
    this.#bottom = Math.max(this.#bottom, nearY);
  }

  region(): ChangedRegion {
    const { width, height } = this.#target;
    return {
      box: { x: this.#left, y: this.#top, width: this.#right - this.#left + 1, height: this.#bottom - this.#top + 1 },
      share: Math.min(1, this.count / (width * height)),
    };
  }
}

/** Pixels of the target that the render does not have. */
function addLost(changes: Changes, target: RgbImage, render: RgbImage, { rows, columns }: Seams): void {
  const across = counterparts(columns, target.width);
  for (const [y, down] of counterparts(rows, target.height).entries()) {
    for (let x = 0; x < target.width; x++) {
      if (isLost(target, render, x, y, across[x]!, down)) changes.add(x, y);
    }
  }
}

/** Pixels of the bands that the render has more than the target. */
function addGained(changes: Changes, target: RgbImage, render: RgbImage, { rows, columns }: Seams): void {
  const across = counterparts(columns, render.width);
  for (const [y, down] of counterparts(rows, render.height).entries()) {
    for (let x = 0; x < render.width; x++) {
      const isInBand = down.length + across[x]!.length > 2;
      if (!isInBand || !isLost(render, target, x, y, across[x]!, down)) continue;
      changes.add(positionOf(x, across[x]!), positionOf(y, down));
    }
  }
}

/** Where a pixel of the render lies in the target; of a band, where it covers the target. */
const positionOf = (index: number, found: readonly number[]): number => (found.length === 1 ? found[0]! : index);

function isLost(
  image: RgbImage,
  other: RgbImage,
  x: number,
  y: number,
  across: readonly number[],
  down: readonly number[],
): boolean {
  for (const otherY of down) for (const otherX of across) if (!differ(image, other, x, y, otherX, otherY)) return false;
  return true;
}

const sameSize = (a: RgbImage, b: RgbImage): boolean => a.width === b.width && a.height === b.height;

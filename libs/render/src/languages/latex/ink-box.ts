import type { Box, Region } from '@pentimento/runtimes';
import { inkOf, readPgm, type Ink } from './pgm.ts';

/** Pixels a point at which the edges of the ink are looked for: thin lines of the whole page are drawn up to a point off. */
export const edgeScale = 20;
/** Points outside and inside of an edge of the whole page in which the true one lies. */
const slack = 2;

/** The parts of a page, in pixels at `edgeScale`, that hold the left, the top, the right and the bottom edge of ink in whole points. */
export function edgeRegions({ left, top, right, bottom }: Ink): [left: Region, top: Region, right: Region, bottom: Region] {
  const start = { left: before(left), top: before(top) };
  const size = { width: right + slack - start.left, height: bottom + slack - start.top };
  const upright = (at: number): Region => scaled({ left: before(at), top: start.top, width: 2 * slack, height: size.height });
  const level = (at: number): Region => scaled({ left: start.left, top: before(at), width: size.width, height: 2 * slack });
  return [upright(left), level(top), upright(right), level(bottom)];
}

const before = (at: number): number => Math.max(0, at - slack);

const scaled = ({ left, top, width, height }: Region): Region => ({
  left: left * edgeScale,
  top: top * edgeScale,
  width: width * edgeScale,
  height: height * edgeScale,
});

/** Smoothing reaches up to a pixel beyond the ink. */
const smoothing = 0.8 / edgeScale;
/** Ghostscript, which pdfcrop asks, finds a left edge this much further left, so that one at a whole point is a point before it. */
const ghostscriptBias = 0.009;

/**
 * The box of the ink in whole points that pdfcrop finds.
 *
 * @param ink of the whole page in points from its left top, to the nearest point or two.
 * @param grays PGMs of the regions of its edges.
 * @param height of the page in points.
 * @throws InvalidImageError where a gray is no PGM.
 */
export function boxOf(ink: Ink, grays: readonly Buffer[], height: number): Box {
  const regions = edgeRegions(ink);
  const edge = (index: number, side: keyof Ink, otherwise: number): number => {
    const gray = readPgm(grays[index]!);
    const found = gray && inkOf(gray);
    if (!found) return otherwise;
    const { left, top } = regions[index]!;
    return (found[side] + (side === 'left' || side === 'right' ? left : top)) / edgeScale;
  };
  const left = Math.max(0, Math.floor(edge(0, 'left', ink.left) - ghostscriptBias));
  const top = Math.ceil(height - edge(1, 'top', ink.top) - smoothing);
  const right = Math.ceil(edge(2, 'right', ink.right) - smoothing);
  const bottom = Math.max(0, Math.floor(height - edge(3, 'bottom', ink.bottom) + smoothing));
  return { left, bottom, right: Math.max(right, left + 1), top: Math.max(top, bottom + 1) };
}

import type { Box, Region } from '@pentimento/runtimes';
import { inkOf, readPgm, type Gray, type Ink } from './pgm.ts';

export type Side = keyof Ink;
const sides = ['left', 'top', 'right', 'bottom'] as const;

/** Where ink ends on a side, and a place along the side where it reaches that far; in points from the left top of the page. */
interface Edge {
  at: number;
  along: number;
}
export type Edges = Record<Side, Edge>;

/** A look at parts of a page around edges: pixels a point, and how far from each edge it reaches, in points. */
interface Look {
  scale: number;
  reach: number;
}
/** Thin lines of the whole page at a pixel a point are drawn up to a point off. */
const close: Look = { scale: 20, reach: 2 };
/** For an edge so near to a whole point that a pixel of the close look decides on which side of it. */
const closest: Look = { scale: 200, reach: 0.1 };
const doubt = 0.06;

export const densities = { close: close.scale * 72, closest: closest.scale * 72 };

/** Parts of the page along the sides of ink, in pixels of the close look. */
export function closeRegions({ left, top, right, bottom }: Ink): Region[] {
  const [x, y] = [before(left), before(top)];
  const width = right + close.reach - x;
  const height = bottom + close.reach - y;
  const across = 2 * close.reach;
  return [
    { left: x, top: y, width: across, height },
    { left: x, top: y, width, height: across },
    { left: before(right), top: y, width: across, height },
    { left: x, top: before(bottom), width, height: across },
  ].map((region) => scaled(region, close.scale));
}

const before = (at: number): number => Math.max(0, at - close.reach);

const scaled = ({ left, top, width, height }: Region, scale: number): Region => ({
  left: Math.round(left * scale),
  top: Math.round(top * scale),
  width: Math.round(width * scale),
  height: Math.round(height * scale),
});

/**
 * The edges of ink by a close look.
 *
 * @param ink of the whole page, a pixel a point.
 * @param grays PGMs of `closeRegions`.
 * @throws InvalidImageError where one is no PGM.
 */
export function closeEdges(ink: Ink, grays: readonly Buffer[]): Edges {
  const regions = closeRegions(ink);
  const edgeOn = (side: Side, index: number): Edge =>
    edgeIn(grays[index]!, regions[index]!, side, close.scale) ?? {
      at: ink[side],
      along: isUpright(side) ? ink.top : ink.left,
    };
  return { left: edgeOn('left', 0), top: edgeOn('top', 1), right: edgeOn('right', 2), bottom: edgeOn('bottom', 3) };
}

/** The sides that need the closest look. */
export const doubtfulSides = (edges: Edges, height: number): Side[] =>
  sides.filter((side) => {
    const value = isUpright(side) ? edges[side].at : height - edges[side].at;
    return Math.abs(value - Math.round(value)) < doubt;
  });

/** The part of the page around the place where ink reaches an edge, in pixels of the closest look. */
export function closestRegion(edges: Edges, side: Side): Region {
  const { at, along } = edges[side];
  const [x, y] = isUpright(side) ? [at, along] : [along, at];
  const size = 2 * closest.reach;
  const from = (value: number): number => Math.max(0, value - closest.reach);
  return scaled({ left: from(x), top: from(y), width: size, height: size }, closest.scale);
}

/**
 * The edges with those of the sides by the closest look.
 *
 * @param grays PGMs of the `closestRegion` of each side.
 * @throws InvalidImageError where one is no PGM.
 */
export function closestEdges(edges: Edges, wanted: readonly Side[], grays: readonly Buffer[]): Edges {
  const found = wanted.map((side, index): [Side, Edge] => {
    const edge = edgeIn(grays[index]!, closestRegion(edges, side), side, closest.scale);
    return [side, edge ?? edges[side]];
  });
  return { ...edges, ...Object.fromEntries(found) };
}

const isUpright = (side: Side): boolean => side === 'left' || side === 'right';

function edgeIn(pgm: Buffer, region: Region, side: Side, scale: number): Edge | undefined {
  const gray = readPgm(pgm);
  const ink = gray && inkOf(gray);
  if (!ink) return undefined;
  const [at, along] = isUpright(side) ? [region.left, region.top] : [region.top, region.left];
  return { at: (at + ink[side]) / scale, along: (along + firstAlong(gray, ink, side) + 0.5) / scale };
}

/** The first pixel of ink in the outermost column or row. */
function firstAlong({ width, pixels }: Gray, ink: Ink, side: Side): number {
  const line = side === 'right' || side === 'bottom' ? ink[side] - 1 : ink[side];
  const [start, end] = isUpright(side) ? [ink.top, ink.bottom] : [ink.left, ink.right];
  for (let index = start; index < end; index++) {
    const at = isUpright(side) ? index * width + line : line * width + index;
    if (pixels[at] !== 255) return index;
  }
  return start;
}

/** Ghostscript, which pdfcrop asks, looks at a page in pixels of this many to a point, and sees a rule half of one further left. */
const grid = 4000 / 72;
/** Smoothing shows ink this much too far out, in points. */
const smoothing = 0.003;
const tiny = 1e-4;

/** The box of the ink in whole points that pdfcrop finds. @param height of the page in points. */
export function boxOf({ left, top, right, bottom }: Edges, height: number): Box {
  const low = (value: number, bias = 0): number =>
    Math.floor((Math.floor((value + smoothing) * grid) - bias) / grid + tiny);
  const high = (value: number): number => Math.ceil(Math.ceil((value - smoothing) * grid) / grid - tiny);
  const box = {
    left: low(left.at, 0.5),
    bottom: Math.max(0, low(height - bottom.at)),
    right: high(right.at),
    top: high(height - top.at),
  };
  return { ...box, right: Math.max(box.right, box.left + 1), top: Math.max(box.top, box.bottom + 1) };
}

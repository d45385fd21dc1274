import { ColorMode, Hierarchical, PathSimplifyMode, vectorizeRaw } from '@neplex/vectorizer';
import type { Size } from '@pentimento/contracts';
import { areaOf, shortColor, type Ring, type Shape } from './shapes.ts';
import { simplifyRing } from './simplify.ts';
import type { Indexed } from './palette.ts';

export interface TraceOptions {
  /** Regions of fewer pixels than this number's square are left to their surroundings. */
  speckle: number;
  /** How far a simplified outline may lie from the traced one, in pixels of the raster. */
  tolerance: number;
}

/** Noise has more patches than any reply has room for: the smallest beyond these are left out. */
const maxPatches = 8_000;

interface Bounds {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/**
 * Traces an image of few colors to polygons in its own pixels, lowest first. Each color is traced by itself (VTracer,
 * two-valued), and each of its patches is filled whole, holes too: what lies in a hole is smaller and is painted later.
 */
export async function trace(image: Indexed, options: TraceOptions): Promise<Shape[]> {
  const traced = await Promise.all(image.palette.map((_, index) => traceColor(image, index, options)));
  const ground = [0, 0, image.width, 0, image.width, image.height, 0, image.height];
  const patches = traced.flat().sort((a, b) => b.area - a.area);
  return merged([{ ring: ground, fill: image.palette[0]!, area: Infinity }, ...patches.slice(0, maxPatches)]);
}

interface Patch {
  fill: string;
  ring: Ring;
  area: number;
}

async function traceColor(image: Indexed, index: number, { speckle, tolerance }: TraceOptions): Promise<Patch[]> {
  const { width, height, palette } = image;
  const svg = await vectorizeRaw(
    maskOf(image, index),
    { width, height },
    {
      colorMode: ColorMode.Binary,
      hierarchical: Hierarchical.Stacked,
      mode: PathSimplifyMode.None,
      filterSpeckle: speckle,
      colorPrecision: 8,
      layerDifference: 1,
      cornerThreshold: 60,
      lengthThreshold: 4,
      maxIterations: 10,
      spliceThreshold: 45,
      pathPrecision: 0,
    },
  );
  return Array.from(svg.matchAll(pathElement), ([, data = '', x, y]) => outlineOf(data, Number(x), Number(y), image))
    .map((ring) => simplifyRing(ring, tolerance))
    .filter((ring) => ring.length >= 6)
    .map((ring) => ({ ring, fill: palette[index]!, area: areaOf(ring) }));
}

/** Black where the image has the color, white elsewhere. */
function maskOf({ indices }: Indexed, index: number): Buffer {
  const pixels = new Uint32Array(indices.length).fill(0xffffffff);
  for (let at = 0; at < indices.length; at++) if (indices[at] === index) pixels[at] = 0xff000000;
  return Buffer.from(pixels.buffer);
}

const pathElement = /<path d="([^"]*)"[^>]* transform="translate\((-?[\d.]+),(-?[\d.]+)\)"/g;

/** The first ring of path data, which is its outline; holes come after it. */
function outlineOf(data: string, shiftX: number, shiftY: number, { width, height }: Size): Ring {
  const hole = data.indexOf('M', 1);
  const numbers = (data.slice(0, hole < 0 ? undefined : hole).match(/-?\d+(?:\.\d+)?/g) ?? []).map(Number);
  return numbers.map((value, index) =>
    index % 2 === 0 ? within(Math.round(value + shiftX), width) : within(Math.round(value + shiftY), height),
  );
}

function within(value: number, limit: number): number {
  return Math.min(limit, Math.max(0, value));
}

/**
 * Moves each patch down into an earlier shape of its color where nothing between the two touches it: the same image
 * in far fewer shapes. Shapes that would join the background are there already.
 */
function merged(patches: readonly Patch[]): Shape[] {
  const stack: { shape: Shape; bounds: Bounds[] }[] = [];
  for (const { fill: color, ring } of patches) {
    const fill = shortColor(color);
    const bounds = boundsOf(ring);
    const lower = mergeable(stack, fill, bounds);
    if (lower && lower === stack[0]) continue;
    if (lower) {
      lower.shape.rings.push(ring);
      lower.bounds.push(bounds);
    } else {
      stack.push({ shape: { fill, rings: [ring] }, bounds: [bounds] });
    }
  }
  return stack.map(({ shape }) => shape);
}

function mergeable<Entry extends { shape: Shape; bounds: Bounds[] }>(
  stack: readonly Entry[],
  fill: string,
  bounds: Bounds,
): Entry | undefined {
  for (let at = stack.length - 1; at >= 0; at--) {
    const entry = stack[at]!;
    if (entry.shape.fill === fill) return entry;
    if (entry.bounds.some((second) => touch(bounds, second))) return undefined;
  }
  return undefined;
}

function boundsOf(ring: Ring): Bounds {
  const bounds = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (let at = 0; at < ring.length; at += 2) {
    bounds.left = Math.min(bounds.left, ring[at]!);
    bounds.right = Math.max(bounds.right, ring[at]!);
    bounds.top = Math.min(bounds.top, ring[at + 1]!);
    bounds.bottom = Math.max(bounds.bottom, ring[at + 1]!);
  }
  return bounds;
}

function touch(first: Bounds, second: Bounds): boolean {
  return (
    first.left < second.right && second.left < first.right && first.top < second.bottom && second.top < first.bottom
  );
}

import { ColorMode, Hierarchical, PathSimplifyMode, vectorizeRaw } from '@neplex/vectorizer';
import { shortColour, type Ring, type Shape } from './shapes.ts';
import { simplifyRing } from './simplify.ts';
import type { Raster } from './raster.ts';

export interface TraceOptions {
  /** Regions of fewer pixels than this number's square are left to their surroundings. */
  speckle: number;
  /** How far a simplified outline may lie from the traced one, in pixels of the raster. */
  tolerance: number;
}

interface Bounds {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Traces a raster of few flat colours to polygons in its own pixels, lowest first (VTracer, stacked). */
export async function trace(raster: Raster, options: TraceOptions): Promise<Shape[]> {
  const svg = await vectorizeRaw(
    raster.pixels,
    { width: raster.width, height: raster.height },
    {
      colorMode: ColorMode.Color,
      hierarchical: Hierarchical.Stacked,
      mode: PathSimplifyMode.Polygon,
      filterSpeckle: options.speckle,
      colorPrecision: 8,
      layerDifference: 1,
      cornerThreshold: 60,
      lengthThreshold: 4,
      maxIterations: 10,
      spliceThreshold: 45,
      pathPrecision: 0,
    },
  );
  return merged([groundOf(raster, svg), ...readShapes(svg, raster, options.tolerance)]);
}

const pathElement = /<path d="([^"]*)" fill="(#[0-9A-Fa-f]{6})" transform="translate\((-?[\d.]+),(-?[\d.]+)\)"/g;

/** The lowest traced colour over the whole raster, so that the stack is opaque to its edge. */
function groundOf({ width, height }: Raster, svg: string): Shape {
  const [, , fill = '#ffffff'] = svg.matchAll(pathElement).next().value ?? [];
  return { fill: shortColour(fill), rings: [[0, 0, width, 0, width, height, 0, height]] };
}

function readShapes(svg: string, raster: Raster, tolerance: number): Shape[] {
  return Array.from(svg.matchAll(pathElement), ([, data = '', fill = '', x, y]) => ({
    fill: shortColour(fill),
    rings: readRings(data, Number(x), Number(y), raster)
      .map((ring) => simplifyRing(ring, tolerance))
      .filter((ring) => ring.length >= 6),
  })).filter((shape) => shape.rings.length > 0);
}

function readRings(data: string, shiftX: number, shiftY: number, { width, height }: Raster): Ring[] {
  return data
    .split('M')
    .slice(1)
    .map((part) => {
      const numbers = (part.match(/-?\d+(?:\.\d+)?/g) ?? []).map(Number);
      return numbers.map((value, index) =>
        index % 2 === 0 ? within(Math.round(value + shiftX), width) : within(Math.round(value + shiftY), height),
      );
    });
}

function within(value: number, limit: number): number {
  return Math.min(limit, Math.max(0, value));
}

/**
 * Moves each shape down into an earlier one of its colour where nothing between the two touches it: the same picture
 * in far fewer shapes.
 */
function merged(shapes: readonly Shape[]): Shape[] {
  const stack: { shape: Shape; bounds: Bounds[] }[] = [];
  for (const shape of shapes) {
    const bounds = shape.rings.map(boundsOf);
    const lower = mergeable(stack, shape, bounds);
    if (lower) {
      lower.shape.rings.push(...shape.rings);
      lower.bounds.push(...bounds);
    } else {
      stack.push({ shape: { fill: shape.fill, rings: [...shape.rings] }, bounds });
    }
  }
  return stack.map(({ shape }) => shape);
}

function mergeable<Entry extends { shape: Shape; bounds: Bounds[] }>(
  stack: readonly Entry[],
  shape: Shape,
  bounds: readonly Bounds[],
): Entry | undefined {
  for (let at = stack.length - 1; at >= 0; at--) {
    const entry = stack[at]!;
    if (entry.shape.fill === shape.fill) return entry;
    if (entry.bounds.some((one) => bounds.some((other) => touch(one, other)))) return undefined;
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

function touch(one: Bounds, other: Bounds): boolean {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}

import type { Box, Size } from '@pentimento/contracts';
import { reduceColors } from './palette.ts';
import { scaled, stretch, unenlarge, type Raster } from './raster.ts';
import { areaOf, type Layer } from './shapes.ts';
import { trace } from './trace.ts';

/** How finely a region is traced. */
export interface Detail {
  /** Traced pixels for one pixel of the target, along each side. */
  scale: number;
  colors: number;
  speckle: number;
  tolerance: number;
}

/** Candidates of one prompt differ by these factors; 1 and 1 without a seed. */
export interface Variation {
  scale: number;
  colors: number;
}

/**
 * From rough shapes to the pixels themselves: at a scale of 1 and no tolerance, outlines follow pixel edges, so that
 * antialiased text and thin lines come back exactly, but for the number of colors.
 */
const ladder: readonly Detail[] = [
  { scale: 0.4, colors: 6, speckle: 1, tolerance: 0.6 },
  { scale: 0.6, colors: 8, speckle: 1, tolerance: 0.5 },
  { scale: 1, colors: 10, speckle: 1, tolerance: 0.4 },
  { scale: 1, colors: 20, speckle: 1, tolerance: 0 },
  { scale: 1, colors: 40, speckle: 1, tolerance: 0 },
];

/** A target of more pixels than this is traced below its own resolution: the reward's encoder sees no more of it. */
const maxSeenPixels = 2_400_000;

/** Most pixels traced for one layer and one reply: what keeps a reply within a few hundred milliseconds. */
export const layerPixels = 500_000;
/** Longest side of a traced raster, whatever a task says of its target's size. */
const maxSide = 16_384;

/** The detail of a level (1 is the first refinement) for a target of `size`. */
export function detailAt(level: number, size: Size, variation: Variation): Detail {
  const step = ladder[Math.min(level, ladder.length) - 1]!;
  const shown = Math.min(1, Math.sqrt(maxSeenPixels / (size.width * size.height)));
  const scale = step.scale < 1 ? Math.min(1, step.scale * variation.scale) : 1;
  return { ...step, scale: scale * shown, colors: Math.round(step.colors * variation.colors) };
}

/** Traces a box of the target from the raster that shows it. */
export async function traceLayer(
  raster: Raster,
  box: Box,
  level: number,
  detail: Detail,
  maxPixels: number = layerPixels,
): Promise<Layer> {
  const scale = Math.min(detail.scale, Math.sqrt(maxPixels / (box.width * box.height)));
  const { width, height } = scaled(box, scale);
  const size = { width: Math.min(maxSide, width), height: Math.min(maxSide, height) };
  const traced = await stretch(unenlarge(raster, box), size);
  const shapes = await trace(reduceColors(traced, detail.colors), detail);
  return { box, detail: level, width: traced.width, height: traced.height, shapes };
}

/** Characters of a layer's code in the language of the task. */
export type Measure = (layer: Layer) => number;

/** The layer without its smallest outlines, so that its code stays below `limit` characters; the ground always stays. */
export function thinned(layer: Layer, limit: number, measure: Measure): Layer {
  const areas = layer.shapes.flatMap(({ rings }) => rings.map(areaOf)).sort((a, b) => b - a);
  let [now, kept] = [layer, areas.length];
  while (kept > 0 && measure(now) > limit) {
    kept = Math.floor(kept * Math.min(0.9, limit / measure(now)));
    now = keepLargest(layer, areas[kept] ?? 0);
  }
  return now;
}

/** The ground, and all outlines of more than an area. */
function keepLargest(layer: Layer, area: number): Layer {
  const [ground, ...rest] = layer.shapes;
  const shapes = rest
    .map(({ fill, rings }) => ({ fill, rings: rings.filter((ring) => areaOf(ring) > area) }))
    .filter(({ rings }) => rings.length > 0);
  return { ...layer, shapes: [ground!, ...shapes] };
}

/** What a layer was traced from and how. */
export interface Traced {
  raster: Raster;
  detail: Detail;
  layer: Layer;
}

const retries = 3;

/** The layer, traced again with fewer pixels and colors as long as its code is longer than `limit`. */
export async function coarser({ layer, raster, detail }: Traced, limit: number, measure: Measure): Promise<Layer> {
  let [now, scale, colors] = [layer, layer.width / layer.box.width, detail.colors];
  for (let retry = 0; retry < retries && measure(now) > limit; retry++) {
    scale *= Math.max(0.5, (limit / measure(now)) ** 0.7);
    colors = Math.max(3, colors * 0.8);
    const less = { ...detail, scale, colors: Math.round(colors) };
    now = await traceLayer(raster, layer.box, layer.detail, less);
  }
  return thinned(now, limit, measure);
}

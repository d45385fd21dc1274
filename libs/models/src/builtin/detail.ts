import type { Box, Size } from '@pentimento/contracts';
import { reduceColours } from './palette.ts';
import { scaled, stretch, unenlarge, type Raster } from './raster.ts';
import { areaOf, pathData, type Layer } from './shapes.ts';
import { trace } from './trace.ts';

/** How finely a region is traced. */
export interface Detail {
  /** Traced pixels for one pixel of the target, along each side. */
  scale: number;
  colours: number;
  speckle: number;
  tolerance: number;
}

/** Candidates of one prompt differ by these factors; 1 and 1 without a seed. */
export interface Variation {
  scale: number;
  colours: number;
}

const ladder: readonly Detail[] = [
  { scale: 0.6, colours: 6, speckle: 2, tolerance: 0.7 },
  { scale: 1, colours: 8, speckle: 2, tolerance: 0.6 },
  { scale: 1.5, colours: 12, speckle: 2, tolerance: 0.6 },
  { scale: 2, colours: 16, speckle: 2, tolerance: 0.5 },
  { scale: 3, colours: 24, speckle: 2, tolerance: 0.5 },
];

/** Target pixels at which one traced pixel a target pixel is detail enough for the ladder's middle. */
const referencePixels = 700_000;
const largestScale = 6;

/** Most pixels traced for one layer and one reply: what keeps a reply within a few hundred milliseconds. */
export const layerPixels = 500_000;

/** The detail of a level (1 is the first refinement) for a target of `size`: small targets are enlarged more. */
export function detailAt(level: number, size: Size, variation: Variation): Detail {
  const step = ladder[Math.min(level, ladder.length) - 1]!;
  const enlargement = Math.sqrt(referencePixels / (size.width * size.height));
  const scale = step.scale * Math.min(2.5, Math.max(0.8, enlargement)) * variation.scale;
  return { ...step, scale: Math.min(largestScale, scale), colours: Math.round(step.colours * variation.colours) };
}

/** Traces a box of the target from the raster that shows it. */
export async function traceLayer(
  raster: Raster,
  box: Box,
  level: number,
  detail: Detail,
  mostPixels: number = layerPixels,
): Promise<Layer> {
  const scale = Math.min(detail.scale, Math.sqrt(mostPixels / (box.width * box.height)));
  const traced = await stretch(unenlarge(raster, box), scaled(box, scale));
  reduceColours(traced, detail.colours);
  return { box, detail: level, width: traced.width, height: traced.height, shapes: await trace(traced, detail) };
}

/** Rough characters of a layer's code. */
export function lengthOf(layer: Layer): number {
  return layer.shapes.reduce((sum, shape) => sum + pathData(shape).length + 30, 100);
}

/** The layer without its smallest outlines, so that its code stays below `limit` characters; the ground always stays. */
export function thinned(layer: Layer, limit: number): Layer {
  const excess = lengthOf(layer) - limit;
  if (excess <= 0) return layer;
  const [ground, ...rest] = layer.shapes;
  const sizes = rest.flatMap(({ rings }) => rings.map((ring) => ({ area: areaOf(ring), cost: ring.length * 2.5 })));
  sizes.sort((a, b) => a.area - b.area);
  let saved = 0;
  const smallest = sizes.find(({ cost }) => (saved += cost) > excess)?.area ?? Infinity;
  const shapes = rest
    .map(({ fill, rings }) => ({ fill, rings: rings.filter((ring) => areaOf(ring) > smallest) }))
    .filter(({ rings }) => rings.length > 0);
  return { ...layer, shapes: [ground!, ...shapes] };
}

const retries = 3;

/** What a layer was traced from and how. */
export interface Traced {
  raster: Raster;
  detail: Detail;
  layer: Layer;
}

/** The layer, traced again with fewer pixels and colours as long as its code is longer than `limit`. */
export async function coarser({ layer, raster, detail }: Traced, limit: number): Promise<Layer> {
  let [now, scale, colours] = [layer, layer.width / layer.box.width, detail.colours];
  for (let retry = 0; retry < retries && lengthOf(now) > limit; retry++) {
    scale *= Math.max(0.5, (limit / lengthOf(now)) ** 0.7);
    colours = Math.max(3, colours * 0.8);
    now = await traceLayer(raster, layer.box, layer.detail, { ...detail, scale, colours: Math.round(colours) });
  }
  return thinned(now, limit);
}

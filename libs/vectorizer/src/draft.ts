import type { Size } from '@pentimento/contracts';
import { traceLayer, type Variation } from './tracing/detail.ts';
import { scaled, stretch, type Raster } from './tracing/raster.ts';
import type { Layer } from './tracing/shapes.ts';
import { wholeOf } from './writers/index.ts';

/** Longer sides that a draft is traced at, coarsest first. */
const sides = [6, 8, 10, 14, 20, 28, 40, 56];
/** The draft is the coarsest trace that still shows this share of the target's variance. */
const enough = 0.62;
/** Longer side at which a draft is compared with the target. */
const comparedSide = 160;

const draftDetail = { colors: 5, speckle: 1, tolerance: 0.75 };

/**
 * The first, deliberately coarse trace: as few pixels as still show what the target is. A simple icon needs fewer than a
 * page of text.
 */
export async function draftLayer(target: Raster, size: Size, variation: Variation): Promise<Layer> {
  const side = (await coarsestSide(target, size)) * variation.scale;
  const scale = side / Math.max(size.width, size.height);
  const colors = Math.max(2, Math.round(draftDetail.colors * variation.colors));
  return traceLayer(target, wholeOf(size), 0, { ...draftDetail, scale, colors });
}

async function coarsestSide(target: Raster, size: Size): Promise<number> {
  const longer = Math.max(size.width, size.height);
  const compared = await stretch(target, scaled(size, comparedSide / longer));
  for (const side of sides) {
    const small = await stretch(compared, scaled(size, side / longer));
    if (shownVariance(small, compared) >= enough) return side;
  }
  return sides.at(-1)!;
}

/** Share of the target's variance that is left when the small raster is stretched over it (nearest pixels). */
function shownVariance(small: Raster, target: Raster): number {
  const mean = meanOf(target);
  let [lost, all] = [0, 0];
  for (let y = 0; y < target.height; y++) {
    const row = Math.floor((y * small.height) / target.height) * small.width;
    for (let x = 0; x < target.width; x++) {
      const from = (row + Math.floor((x * small.width) / target.width)) * 4;
      const to = (y * target.width + x) * 4;
      for (let channel = 0; channel < 3; channel++) {
        const value = target.pixels[to + channel]!;
        lost += (value - small.pixels[from + channel]!) ** 2;
        all += (value - mean[channel]!) ** 2;
      }
    }
  }
  return all === 0 ? 1 : 1 - lost / all;
}

function meanOf({ pixels }: Raster): [number, number, number] {
  const sums: [number, number, number] = [0, 0, 0];
  for (let at = 0; at < pixels.length; at += 4)
    for (let channel = 0; channel < 3; channel++) sums[channel]! += pixels[at + channel]!;
  return sums.map((sum) => (sum * 4) / pixels.length) as [number, number, number];
}

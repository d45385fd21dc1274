import { hash } from 'node:crypto';
import type { HashedTile } from '@pentimento/encoder';
import {
  changedCrops,
  changedWithin,
  cutWindow,
  tilesOf,
  toRgbPixels,
  windowBoxes,
  type Changes,
  type Raster,
  type RgbImage,
} from '@pentimento/imaging';
import type { CropPair, DecodedTarget } from './tasks.ts';

/** The crops of the grid and the thumbnail, in their order; those with equal pixels are null. */
export function tilePairs(
  { raster }: DecodedTarget,
  render: RgbImage,
  changes: Changes,
  known: readonly (Uint8Array | null)[],
): (CropPair | null)[] {
  const changed = changedCrops(changes, raster);
  const unknown = new Set([...changed].filter((index) => !known[index]));
  const cropped = new Map(tilesOf(raster, unknown).map(({ index, pixels }) => [index, sharedCopy(pixels)]));
  const targetTiles = new Map([...changed].map((index) => [index, known[index] ?? cropped.get(index)!]));
  const renderTiles = tilesOf(render, changed, isRgb(raster) ? { tiles: targetTiles, changes } : undefined);
  const pairs: (CropPair | null)[] = known.map(() => null);
  for (const { index, pixels } of renderTiles) {
    if (Buffer.compare(pixels, targetTiles.get(index)!) === 0) continue;
    pairs[index] = { render: hashed(pixels), target: known[index] ? null : hashed(targetTiles.get(index)!) };
  }
  return pairs;
}

export function sharedCopy(pixels: Uint8Array): Uint8Array {
  const shared = new Uint8Array(new SharedArrayBuffer(pixels.length));
  shared.set(pixels);
  return shared;
}

export function windowPairs(
  { raster }: DecodedTarget,
  render: RgbImage,
  changes: Changes,
  known: readonly boolean[],
): (CropPair | null)[] {
  const boxes = windowBoxes(raster);
  const target = boxes.length > 0 ? rgbOf(raster) : render;
  return boxes.map((box, index) => {
    const { x, y, width, height } = box;
    if (!changedWithin(changes, x, y, x + width, y + height)) return null;
    return {
      render: hashed(cutWindow(render, box)),
      target: known[index] ? null : hashed(cutWindow(target, box)),
    };
  });
}

export function isRgb(raster: Raster): raster is RgbImage {
  return raster.mode === undefined || raster.mode === 'RGB';
}

/** The target's memory is shared and stays as it is. */
function rgbOf(raster: Raster): RgbImage {
  const { width, height, mode, pixels } = raster;
  return isRgb(raster) ? raster : { width, height, pixels: toRgbPixels(Uint8Array.from(pixels), mode) };
}

function hashed(pixels: Uint8Array): HashedTile {
  return { pixels, sha256: hash('sha256', pixels, 'hex') };
}

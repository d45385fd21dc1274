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
  type DecodedImage,
  type RgbImage,
} from '@pentimento/imaging';
import type { CropPair, DecodedTarget } from './tasks.ts';

/** The crops of the grid and the thumbnail, in their order; those with equal pixels are null. */
export function tilePairs(
  { image }: DecodedTarget,
  render: RgbImage,
  changes: Changes,
  known: readonly (Uint8Array | null)[],
  memoryOf: () => Uint8Array,
): (CropPair | null)[] {
  const changed = changedCrops(changes, image);
  const unknown = new Set([...changed].filter((index) => !known[index]));
  const cropped = new Map(tilesOf(image, unknown).map(({ index, pixels }) => [index, sharedCopy(pixels)]));
  const targetTiles = new Map([...changed].map((index) => [index, known[index] ?? cropped.get(index)!]));
  const base = isRgb(image) ? { tiles: targetTiles, changes } : undefined;
  const renderTiles = tilesOf(render, changed, base, memoryOf);
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
  { image }: DecodedTarget,
  render: RgbImage,
  changes: Changes,
  known: readonly boolean[],
  memoryOf: () => Uint8Array,
): (CropPair | null)[] {
  const boxes = windowBoxes(image);
  const target = boxes.length > 0 ? rgbOf(image) : render;
  return boxes.map((box, index) => {
    const { x, y, width, height } = box;
    if (!changedWithin(changes, x, y, x + width, y + height)) return null;
    return {
      render: hashed(cutWindow(render, box, memoryOf())),
      target: known[index] ? null : hashed(cutWindow(target, box)),
    };
  });
}

export function isRgb(image: DecodedImage): image is RgbImage {
  return image.mode === undefined || image.mode === 'RGB';
}

/** The target's memory is shared and stays as it is. */
function rgbOf(image: DecodedImage): RgbImage {
  const { width, height, mode, pixels } = image;
  return isRgb(image) ? image : { width, height, pixels: toRgbPixels(Uint8Array.from(pixels), mode) };
}

function hashed(pixels: Uint8Array): HashedTile {
  return { pixels, sha256: hash('sha256', pixels, 'hex') };
}

import { hash } from 'node:crypto';
import type { HashedTile } from '@pentimento/encoder';
import {
  allChanges,
  changedCrops,
  changedWithin,
  type Changes,
  changesBetween,
  decodeImage,
  decodeRender,
  type Raster,
  resizeBicubic,
  type RgbImage,
  tilesOf,
  toRgbPixels,
} from '@pentimento/imaging';
import { colourNearness, summariseColour } from '../terms/colour.ts';
import { cellMeans, pixelDifferences } from '../terms/pixel-cells.ts';
import { lumaOf, nearnessAtBestShift } from '../terms/shift.ts';
import { cutWindow, windowBoxes } from '../terms/windows.ts';
import type {
  ComparedRender,
  CompareRequest,
  CropPair,
  ImageSummary,
  OpenTargetRequest,
  DecodedTarget,
} from './tasks.ts';

/** Decodes a target. Throws `InvalidImageError` where the bytes are no image that can be scored. */
export async function openTarget({ bytes, alpha }: OpenTargetRequest): Promise<DecodedTarget> {
  const { width, height, mode, pixels } = await decodeImage(bytes, 'target', alpha);
  const raster: Raster = { width, height, mode, pixels: sharedCopy(pixels) };
  return { width, height, raster, summary: summarise({ width, height, pixels: toRgbPixels(pixels, mode) }) };
}

/**
 * Decodes a render, stretches it to its target's size, compares both, and cuts the crops that differ. Null where the render is so
 * large that it counts as none. Throws `InvalidImageError` where the bytes are no image that can be scored.
 */
export async function compareInWorker(request: CompareRequest): Promise<ComparedRender | null> {
  const { bytes, alpha, target, windows, known } = request;
  const decoded = await decodeRender(bytes, alpha);
  if (!decoded) return null;
  const render = resizeBicubic(decoded, target);
  const changes = changesOf(target.raster, render);
  const summary = summarise(render, { summary: target.summary, changes });
  const wanted = target.summary;
  return {
    size: { width: decoded.width, height: decoded.height },
    tiles: tilePairs(target, render, changes, known.tiles),
    windows: windows ? windowPairs(target, render, changes, known.windows) : [],
    images: {
      colour: colourNearness(wanted.colour, summary.colour),
      ...nearnessAtBestShift(wanted.luma, summary.luma),
      differences: pixelDifferences(wanted, summary),
    },
  };
}

/** A target in a colour mode of its own is resampled in it, so that equal colours need not give equal tiles. */
function changesOf(target: Raster, render: RgbImage): Changes {
  return isRgb(target) ? changesBetween(target, render) : allChanges(target);
}

function isRgb(raster: Raster): raster is RgbImage {
  return raster.mode === undefined || raster.mode === 'RGB';
}

/** Of the crops of the grid and the thumbnail, in their order. */
function tilePairs(
  { raster }: DecodedTarget,
  render: RgbImage,
  changes: Changes,
  known: readonly (Uint8Array | null)[],
): (CropPair | null)[] {
  const changed = changedCrops(changes, raster);
  const unknown = new Set([...changed].filter((index) => !known[index]));
  const cut = new Map(tilesOf(raster, unknown).map(({ index, pixels }) => [index, sharedCopy(pixels)]));
  const ours = new Map([...changed].map((index) => [index, known[index] ?? cut.get(index)!]));
  const theirs = tilesOf(render, changed, isRgb(raster) ? { tiles: ours, changes } : undefined);
  const pairs: (CropPair | null)[] = known.map(() => null);
  for (const { index, pixels } of theirs) {
    if (Buffer.compare(pixels, ours.get(index)!) === 0) continue;
    pairs[index] = { render: hashed(pixels), target: known[index] ? null : hashed(ours.get(index)!) };
  }
  return pairs;
}

function sharedCopy(pixels: Uint8Array): Uint8Array {
  const shared = new Uint8Array(new SharedArrayBuffer(pixels.length));
  shared.set(pixels);
  return shared;
}

function windowPairs(
  { raster }: DecodedTarget,
  render: RgbImage,
  changes: Changes,
  known: readonly boolean[],
): (CropPair | null)[] {
  const boxes = windowBoxes(raster);
  const wanted = boxes.length > 0 ? rgbOf(raster) : render;
  return boxes.map((box, index) => {
    const { x, y, width, height } = box;
    if (!changedWithin(changes, x, y, x + width, y + height)) return null;
    return {
      render: hashed(cutWindow(render, box)),
      target: known[index] ? null : hashed(cutWindow(wanted, box)),
    };
  });
}

/** The target's memory is shared and stays as it is. */
function rgbOf(raster: Raster): RgbImage {
  const { width, height, mode, pixels } = raster;
  return isRgb(raster) ? raster : { width, height, pixels: toRgbPixels(Uint8Array.from(pixels), mode) };
}

/** With a base, only what changed is computed. */
function summarise(image: RgbImage, base?: { summary: ImageSummary; changes: Changes }): ImageSummary {
  if (!base) return { colour: summariseColour(image), luma: lumaOf(image), cells: cellMeans(image) };
  const { summary, changes } = base;
  return {
    colour: summariseColour(image, { summary: summary.colour, changes }),
    luma: lumaOf(image, { luma: summary.luma, changes }),
    cells: cellMeans(image, { cells: summary.cells, changes }),
  };
}

function hashed(pixels: Uint8Array): HashedTile {
  return { pixels, sha256: hash('sha256', pixels, 'hex') };
}

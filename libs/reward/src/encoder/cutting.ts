import { createHash } from 'node:crypto';
import type { Box } from '@pentimento/contracts';
import { decodeImage } from '../pixels/decode.ts';
import { toRgbPixels, type Raster, type RgbImage } from '../pixels/image.ts';
import type { AlphaMode } from '../pixels/preprocessing.ts';
import { resizeBicubic } from '../pixels/resample.ts';
import { tilesOf } from '../pixels/tiling.ts';
import { colourNearness, summariseColour } from '../terms/colour.ts';
import { cellMeans, pixelDifferences } from '../terms/pixel-cells.ts';
import { lumaOf, nearnessAtBestShift } from '../terms/shift.ts';
import { cutWindow, windowBoxes } from '../terms/windows.ts';
import type {
  CompareRequest,
  CutImage,
  CutRequest,
  HashedWindow,
  ImageComparison,
  ImageSummary,
} from './worker-messages.ts';

/** Throws `RewardInputError` where the bytes are no image that can be scored. */
export async function cutImage({ bytes, role, stretchTo, windows }: CutRequest, alpha: AlphaMode): Promise<CutImage> {
  const decoded = await decodeImage(bytes, role, alpha);
  const raster = stretchTo ? resizeBicubic(toRgb(decoded), stretchTo) : decoded;
  const tiles = tilesOf(raster).map((tile) => ({ ...tile, sha256: hash(tile.pixels) }));
  const image = toRgb(raster);
  return {
    width: image.width,
    height: image.height,
    tiles,
    windows: windows ? windowBoxes(image).map((box) => hashedWindow(image, box)) : [],
    summary: summarise(image),
  };
}

export function compareSummaries({ target, render }: CompareRequest): ImageComparison {
  return {
    colour: colourNearness(target.colour, render.colour),
    ...nearnessAtBestShift(target.luma, render.luma),
    differences: pixelDifferences(target, render),
  };
}

/** The raster is not used any more: its memory is. */
function toRgb({ width, height, mode, pixels }: Raster): RgbImage {
  return { width, height, pixels: toRgbPixels(pixels, mode) };
}

function summarise(image: RgbImage): ImageSummary {
  return { colour: summariseColour(image), luma: lumaOf(image), cells: cellMeans(image) };
}

function hashedWindow(image: RgbImage, box: Box): HashedWindow {
  const pixels = cutWindow(image, box);
  return { box, pixels, sha256: hash(pixels) };
}

function hash(pixels: Uint8Array): string {
  return createHash('sha256').update(pixels).digest('hex');
}

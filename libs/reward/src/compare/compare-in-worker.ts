import {
  allChanges,
  changesBetween,
  decodeImage,
  decodeRender,
  hasInk,
  resizeBicubic,
  toRgbPixels,
  type Changes,
  type DecodedImage,
  type RgbImage,
} from '@pentimento/imaging';
import { extractFeatures, featureValue, uniqueFeatures, type FeatureValues } from '../features/extract.ts';
import type { ImageFeature } from '../features/image-feature.ts';
import { luma } from '../features/luma.ts';
import { cellMeans, pixelDifferences } from '../map/map-cells.ts';
import type { PixelsTerm, RewardTerm } from '../terms/reward-term.ts';
import { cropsIn } from './crop-memory.ts';
import { isRgb, sharedCopy, tilePairs, windowPairs } from './crop-pairs.ts';
import type {
  ComparedRender,
  CompareRequest,
  CompareTextsRequest,
  DecodedTarget,
  OpenTargetRequest,
  PixelComparison,
} from './tasks.ts';

type Terms = readonly RewardTerm[];

/** Decodes a target. Throws `InvalidImageError` where the bytes are no image that can be scored. */
export async function openTarget({ bytes, alpha }: OpenTargetRequest, terms: Terms): Promise<DecodedTarget> {
  const { width, height, mode, pixels } = await decodeImage(bytes, 'target', alpha);
  const image: DecodedImage = { width, height, mode, pixels: sharedCopy(pixels) };
  const rgb = { width, height, pixels: toRgbPixels(pixels, mode) };
  return { width, height, image, features: extractFeatures(featuresOf(terms), rgb), hasInk: hasInk(rgb.pixels) };
}

/**
 * Decodes a render, stretches it to its target's size, compares both, and cuts the crops that differ. Null where the render is so
 * large that it counts as none. Throws `InvalidImageError` where the bytes are no image that can be scored.
 */
export async function compareInWorker(request: CompareRequest, terms: Terms): Promise<ComparedRender | null> {
  const { bytes, alpha, target, windows, known } = request;
  const memoryOf = cropsIn(request.memory);
  const decoded = await decodeRender(bytes, alpha);
  if (!decoded) return null;
  const render = resizeBicubic(decoded, target);
  const changes = changesOf(target.image, render);
  const features = extractFeatures(featuresOf(terms), render, { values: target.features, changes });
  return {
    size: { width: decoded.width, height: decoded.height },
    hasInk: hasInk(decoded.pixels),
    tiles: tilePairs(target, render, changes, known.tiles, memoryOf),
    windows: windows ? windowPairs(target, render, changes, known.windows, memoryOf) : [],
    pixels: comparePixels(terms, target.features, features),
  };
}

/** Values of the terms that need texts, by id. */
export function compareTexts({ target, render }: CompareTextsRequest, terms: Terms): Record<string, number> {
  const values = terms.flatMap((term) =>
    term.needs === 'texts' ? [[term.id, term.compute(target, render)] as const] : [],
  );
  return Object.fromEntries(values);
}

/** Those of the score map and of the terms. */
function featuresOf(terms: Terms): ImageFeature<unknown>[] {
  return uniqueFeatures([luma, cellMeans, ...terms.filter(needsPixels).map(({ feature }) => feature)]);
}

function needsPixels(term: RewardTerm): term is PixelsTerm<unknown> {
  return term.needs === 'pixels';
}

function comparePixels(terms: Terms, target: FeatureValues, render: FeatureValues): PixelComparison {
  const values: Record<string, number> = {};
  let shift: PixelComparison['shift'] = null;
  for (const term of terms.filter(needsPixels)) {
    const computed = term.compute(featureValue(target, term.feature), featureValue(render, term.feature));
    values[term.id] = typeof computed === 'number' ? computed : computed.value;
    if (typeof computed !== 'number') shift = computed.shift;
  }
  return { values, shift, differences: pixelDifferences(mapFeaturesOf(target), mapFeaturesOf(render)) };
}

function mapFeaturesOf(values: FeatureValues) {
  return { luma: featureValue(values, luma), cellMeans: featureValue(values, cellMeans) };
}

/** A target in a color mode of its own is resampled in it, so that equal colors need not give equal tiles. */
function changesOf(target: DecodedImage, render: RgbImage): Changes {
  return isRgb(target) ? changesBetween(target, render) : allChanges(target);
}

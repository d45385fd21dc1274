import type { Changes, RgbImage } from '@pentimento/imaging';
import type { ImageFeature } from './image-feature.ts';

/** Values of features by their id. */
export type FeatureValues = Readonly<Record<string, unknown>>;

/** Each feature once, however many terms name it. */
export function uniqueFeatures(features: readonly ImageFeature<unknown>[]): ImageFeature<unknown>[] {
  return [...new Map(features.map((feature) => [feature.id, feature])).values()];
}

/** With a base, only what changed is computed. */
export function extractFeatures(
  features: readonly ImageFeature<unknown>[],
  image: RgbImage,
  base?: { values: FeatureValues; changes: Changes },
): FeatureValues {
  return Object.fromEntries(
    features.map((feature) => {
      const from = base && { value: base.values[feature.id], changes: base.changes };
      return [feature.id, feature.extract(image, from)];
    }),
  );
}

/** The value of a feature among others. */
export function featureValue<Value>(values: FeatureValues, feature: ImageFeature<Value>): Value {
  return values[feature.id] as Value;
}

/** Bytes of the typed arrays in the values of features. */
export function featureBytes(values: FeatureValues): number {
  return Object.values(values)
    .flatMap((value) => (typeof value === 'object' && value !== null ? [value, ...Object.values(value)] : []))
    .reduce((sum: number, part) => sum + (ArrayBuffer.isView(part) ? part.byteLength : 0), 0);
}

/**
 * How transparency is treated. `flatten-white` composites both images on white first. `reference` does as the published
 * reward: the target is resized in its own color mode and loses its alpha afterwards, the render loses it first.
 */
export type AlphaMode = 'flatten-white' | 'reference';

/** Version of decoding, resampling and tiling: a part of the key of every kept vector and of every record. */
export function preprocessingVersion(alpha: AlphaMode): string {
  return `pillow-bicubic-448-${alpha}-2`;
}

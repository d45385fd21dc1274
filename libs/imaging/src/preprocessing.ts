/**
 * What becomes of transparency. `flatten-white` lays both images on white before anything else. `reference` does as the
 * published reward: the target is resized in its own colour mode and loses its alpha afterwards, the render loses it first.
 */
export const alphaModes = ['flatten-white', 'reference'] as const;
export type AlphaMode = (typeof alphaModes)[number];

/** Version of decoding, resampling and tiling: a part of the key of every kept vector and of every record. */
export function preprocessingVersion(alpha: AlphaMode): string {
  return `pillow-bicubic-448-${alpha}-2`;
}

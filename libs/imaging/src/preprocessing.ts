import type { AlphaMode } from '@pentimento/contracts';

/** Version of how tiles are encoded, whatever made their pixels: a part of the key of every kept vector. */
export const tilesVersion = 'rgb-448-1';

/** Version of decoding, resampling and tiling: a part of every record. */
export function preprocessingVersion(alpha: AlphaMode): string {
  return `pillow-bicubic-448-${alpha}-3`;
}

/** Uploads: what is accepted, and how much of it. */
export const uploadLimits = {
  bytes: 20 * 1024 * 1024,
  side: 16_384,
  pixels: 50_000_000,
  minSide: 4,
  types: ['image/png', 'image/jpeg', 'image/webp'],
  codeBytes: 1024 * 1024,
} as const;

/** Widths, in pixels, in which the API serves thumbnails of images. */
export const thumbnailWidths = [64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536] as const;
export type ThumbnailWidth = (typeof thumbnailWidths)[number];

import type { Size } from '@pentimento/contracts';

/** Hard limits of a render, whatever the code asks for. */
export const renderLimits = {
  /** Longest side of an image that is not a page, pixels. */
  maxSide: 8192,
  /** Widest page, and the height at which a page is cut off, pixels. */
  maxPageSide: 16_384,
  maxPixels: 40_000_000,
  maxPngBytes: 64 * 1024 * 1024,
  /** Longest code, characters. */
  maxCodeLength: 4 * 1024 * 1024,
} as const;

/** Whether an image that is not a page may have this size. */
export const isWithinLimits = ({ width, height }: Size): boolean =>
  width <= renderLimits.maxSide && height <= renderLimits.maxSide && width * height <= renderLimits.maxPixels;

/** The size, scaled down where it exceeds the limits of an image that is not a page. */
export function fitWithinLimits(size: Size): Size {
  const scale = Math.min(
    1,
    renderLimits.maxSide / size.width,
    renderLimits.maxSide / size.height,
    Math.sqrt(renderLimits.maxPixels / (size.width * size.height)),
  );
  return scale === 1
    ? size
    : { width: Math.max(1, Math.floor(size.width * scale)), height: Math.max(1, Math.floor(size.height * scale)) };
}

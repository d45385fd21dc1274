import type { Size } from '@pentimento/contracts';

/** Hard caps on what a render may be, whatever the code asks for. */
export const renderLimits = {
  /** Longest side of a drawing, pixels. */
  drawingSide: 8192,
  /** Height at which a page is cut off, pixels; also its greatest width. */
  pageSide: 16_384,
  pixels: 40_000_000,
  pngBytes: 64 * 1024 * 1024,
  /** Longest code, characters. */
  codeLength: 4 * 1024 * 1024,
} as const;

export function isWithin(size: Size, side: number): boolean {
  return size.width <= side && size.height <= side && size.width * size.height <= renderLimits.pixels;
}

/** The size scaled down, where it must be, to lie within the caps of a drawing. */
export function fitDrawing(size: Size): Size {
  const scale = Math.min(
    1,
    renderLimits.drawingSide / size.width,
    renderLimits.drawingSide / size.height,
    Math.sqrt(renderLimits.pixels / (size.width * size.height)),
  );
  return scale === 1
    ? size
    : { width: Math.max(1, Math.floor(size.width * scale)), height: Math.max(1, Math.floor(size.height * scale)) };
}

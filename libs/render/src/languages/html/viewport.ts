import type { Size } from '@pentimento/contracts';

/** Of the tallest screens in landscape, 5:4. */
const tallestLandscape = 4 / 5;
/** Of the screens that pages are usually captured on: 16:9, and 9:19.5 of phones. */
const usual = { desktop: 9 / 16, phone: 844 / 390 };
const widestPhone = 500;

/** Screens in portrait of tablets, CSS pixels. */
const tablets = ['768x1024', '800x1280', '810x1080', '820x1180', '834x1112', '834x1194', '1024x1366'];

/**
 * The heights of the viewport with which a page has been captured that has this size now, the likeliest first, CSS pixels. A size as a screen has it is
 * that of a viewport; a taller one shows the whole page, of which the first screen was 16:9, or a phone's.
 */
export function viewportHeights({ width, height }: Size): number[] {
  const isPhone = width <= widestPhone && height > width * tallestLandscape;
  const screen = Math.min(height, Math.round(width * (isPhone ? usual.phone : usual.desktop)));
  if (tablets.includes(`${width}x${height}`)) return [height];
  return height > width * tallestLandscape || screen === height ? [screen] : [height, screen];
}

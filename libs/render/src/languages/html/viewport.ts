import type { Size } from '@pentimento/contracts';

/** Of the tallest screens in landscape, 5:4. */
const tallestLandscape = 4 / 5;
const widescreen = 9 / 16;

/** The screens that pages are captured on where they are not 16:9: heights by widths, CSS pixels. */
const screens = new Map([
  [768, 1024],
  [800, 600],
  [810, 1080],
  [820, 1180],
  [834, 1194],
  [1024, 768],
  [1440, 900],
  [1680, 1050],
]);

const widestPhone = 500;
const phone = 844 / 390;

/**
 * The heights of the viewport with which a page may have been captured that has this size now, the likeliest first, CSS pixels. What is
 * no higher than a screen is one; what is higher shows the whole page.
 */
export function viewportHeights({ width, height }: Size): number[] {
  const isLandscape = height <= width * tallestLandscape;
  const asPhone = width <= widestPhone && !isLandscape;
  const likely = [
    ...(isLandscape ? [height] : []),
    ...(screens.has(width) ? [screens.get(width)!] : []),
    Math.round(width * (asPhone ? phone : widescreen)),
  ];
  return [...new Set(likely.map((screen) => Math.min(screen, height)))];
}

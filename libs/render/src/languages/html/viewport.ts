import type { Size } from '@pentimento/contracts';

const widescreen = 9 / 16;
/** Of other screens in landscape, heights by widths: 3:2, 16:10, 4:3, 5:4. */
const otherScreens = [2 / 3, 10 / 16, 3 / 4, 4 / 5];
const tallest = 4 / 5;

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
 * The heights of the viewport with which a page may have been captured that has this size now, the likeliest first, CSS pixels. What has the
 * shape of a screen is one; what is higher shows the whole page, unless no screen makes it that high.
 */
export function viewportHeights({ width, height }: Size): number[] {
  const ratio = height / width;
  const isScreen = ratio <= widescreen || otherScreens.some((screen) => Math.round(width * screen) === height);
  if (isScreen) return [height];
  const asPhone = width <= widestPhone && ratio > tallest;
  const likely = [
    ...(screens.has(width) ? [screens.get(width)!] : []),
    Math.round(width * (asPhone ? phone : widescreen)),
  ];
  if (ratio <= tallest) likely.push(height);
  return [...new Set(likely.map((screen) => Math.min(screen, height)))];
}

import { expect, it } from 'vitest';
import { viewportHeights } from './viewport.ts';

it.each([
  ['a screen', 1280, 720, [720]],
  ['a wide part of a page', 1280, 300, [300]],
  ['a screen of another shape', 1280, 800, [800]],
  ['a page that is little longer than a screen, or a window', 1280, 900, [720, 900]],
  ['a page', 1280, 2000, [720]],
  ['a page of another screen', 1440, 3000, [900, 810]],
  ['a page of a phone', 390, 3000, [844]],
  ['a phone', 390, 844, [844]],
  ['a tablet', 768, 1024, [1024, 432]],
])('a target as large as %s has been captured in a viewport of that height', (_, width, height, heights) => {
  expect(viewportHeights({ width, height })).toEqual(heights);
});

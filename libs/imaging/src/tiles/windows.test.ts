import { describe, expect, it } from 'vitest';
import { cutWindow, maxWindows, windowBoxes } from './windows.ts';

describe('windowBoxes', () => {
  it.each([
    [48, 48],
    [640, 480],
    [1280, 800],
    [1920, 1080],
    [512, 512],
    [1, 1],
  ])('has none where the tiles show %i x %i px at about native scale', (width, height) => {
    expect(windowBoxes({ width, height })).toEqual([]);
  });

  it('covers a tall page, its last windows aligned to the edges', () => {
    const boxes = windowBoxes({ width: 1200, height: 3731 });
    expect(boxes).toHaveLength(3 * 9);
    expect(boxes.slice(0, 3).map(({ x }) => x)).toEqual([0, 448, 752]);
    expect(boxes.at(-1)).toEqual({ x: 752, y: 3283, width: 448, height: 448 });
    expect(boxes.every(({ width, height }) => width === 448 && height === 448)).toBe(true);
  });

  it('is as narrow as the target', () => {
    expect(windowBoxes({ width: 200, height: 9000 })).toHaveLength(21);
    expect(windowBoxes({ width: 200, height: 9000 })[1]).toEqual({ x: 0, y: 448, width: 200, height: 448 });
  });

  it('has none above its bound', () => {
    expect(windowBoxes({ width: 7168, height: 7168 })).toHaveLength(maxWindows);
    expect(windowBoxes({ width: 7169, height: 7168 })).toEqual([]);
  });
});

describe('cutWindow', () => {
  it('takes the pixels of its box, and white beyond them', () => {
    const image = { width: 3, height: 2, pixels: Uint8Array.from({ length: 18 }, (_, index) => index) };
    const pixels = cutWindow(image, { x: 1, y: 0, width: 2, height: 2 });
    expect(pixels).toHaveLength(448 * 448 * 3);
    expect([...pixels.subarray(0, 7)]).toEqual([3, 4, 5, 6, 7, 8, 255]);
    expect([...pixels.subarray(448 * 3, 448 * 3 + 7)]).toEqual([12, 13, 14, 15, 16, 17, 255]);
    expect(pixels.at(-1)).toBe(255);
  });
});

import { describe, expect, it } from 'vitest';
import type { Box } from '@pentimento/contracts';
import type { RgbImage } from '@pentimento/imaging';
import { changedRegion } from './changed-region.ts';

function white(width: number, height: number): RgbImage {
  return { width, height, pixels: new Uint8Array(width * height * 3).fill(255) };
}

/** A white image with filled boxes. */
function image(width: number, height: number, ...boxes: (Box & { level?: number })[]): RgbImage {
  const made = white(width, height);
  for (const { x, y, width: boxWidth, height: boxHeight, level = 0 } of boxes) {
    for (let row = y; row < y + boxHeight; row++) {
      made.pixels.fill(level, (row * width + x) * 3, (row * width + x + boxWidth) * 3);
    }
  }
  return made;
}

const box = (x: number, y: number, width: number, height: number) => ({ x, y, width, height });

describe('images of one size', () => {
  it('gives the box of what changed, exactly', () => {
    const region = changedRegion(white(100, 80), image(100, 80, box(30, 20, 25, 10)));
    expect(region).toEqual({ box: box(30, 20, 25, 10), share: 250 / 8000 });
  });

  it('holds the old and the new place of what moved', () => {
    const region = changedRegion(image(100, 80, box(10, 10, 8, 8)), image(100, 80, box(50, 60, 8, 8)));
    expect(region!.box).toEqual(box(10, 10, 48, 58));
  });

  it('is null for equal images, for few pixels, and for what is hardly seen', () => {
    expect(changedRegion(white(100, 80), white(100, 80))).toBeNull();
    expect(changedRegion(white(100, 80), image(100, 80, box(5, 5, 6, 4)))).toBeNull();
    expect(changedRegion(white(100, 80), image(100, 80, box(5, 5, 5, 5)))).not.toBeNull();
    expect(changedRegion(white(100, 80), image(100, 80, { ...box(5, 5, 40, 40), level: 239 }))).toBeNull();
    expect(changedRegion(white(100, 80), image(100, 80, { ...box(5, 5, 40, 40), level: 238 }))).not.toBeNull();
  });
});

describe('images of different sizes', () => {
  const heading = { ...box(10, 10, 60, 10), level: 0 };
  const paragraph = { ...box(20, 40, 50, 12), level: 90 };
  const footer = { ...box(5, 80, 90, 8), level: 40 };
  const page = image(100, 100, heading, paragraph, footer);

  it('gives what is missing, though what follows has moved up', () => {
    const shorter = image(100, 76, heading, { ...footer, y: 56 });
    expect(changedRegion(page, shorter)!.box).toEqual(box(20, 40, 50, 12));
  });

  it('gives the place of what is added, where the target loses nothing', () => {
    const longer = image(100, 130, heading, paragraph, { ...box(30, 60, 20, 10), level: 150 }, { ...footer, y: 110 });
    expect(changedRegion(page, longer)!.box).toEqual(box(30, 60, 20, 10));
  });

  it('moves what is added behind the end into the image', () => {
    const longer = image(100, 120, heading, paragraph, footer, box(10, 105, 40, 10));
    expect(changedRegion(page, longer)!.box).toEqual(box(10, 99, 40, 1));
  });

  it('gives the second of two equal rows that follow each other, and the one that is missing', () => {
    const rows = (count: number) => Array.from({ length: count }, (_, index) => box(10, 10 + 20 * index, 60, 8));
    const three = image(100, 80, ...rows(3));
    expect(changedRegion(three, image(100, 100, ...rows(4)))!.box).toEqual(box(10, 70, 60, 8));
    expect(changedRegion(three, image(100, 60, ...rows(2)))!.box).toEqual(box(10, 50, 60, 8));
  });

  it('gives all that moved, where nothing but space was put in', () => {
    const lower = image(100, 120, heading, { ...paragraph, y: 60 }, { ...footer, y: 100 });
    const region = changedRegion(page, lower)!;
    expect(region.box).toEqual(box(5, 40, 90, 60));
  });

  it('is null where only space behind the end is more or less', () => {
    expect(changedRegion(page, image(100, 140, heading, paragraph, footer))).toBeNull();
    expect(changedRegion(page, image(100, 92, heading, paragraph, footer))).toBeNull();
  });

  it('holds the place of an addition, though what follows is drawn otherwise where it moved', () => {
    const blurred = { ...footer, y: 110, level: 70 };
    const region = changedRegion(page, image(100, 130, heading, paragraph, box(30, 60, 20, 10), blurred))!;
    expect(region.box.y).toBeLessThanOrEqual(60);
    expect(region.box.y + region.box.height).toBeGreaterThanOrEqual(70);
  });

  it('cuts between columns, and between rows and columns', () => {
    const left = { ...box(5, 10, 20, 20), level: 60 };
    const right = { ...box(60, 10, 20, 20), level: 120 };
    const wide = image(100, 60, left, right);
    expect(changedRegion(wide, image(75, 60, left, { ...right, x: 35 }))).not.toBeNull();
    const middle = { ...box(35, 12, 10, 30), level: 0 };
    const full = image(100, 60, left, middle, right);
    expect(changedRegion(full, image(80, 60, left, { ...right, x: 40 }))!.box).toEqual(box(35, 12, 10, 30));
    expect(changedRegion(full, image(80, 40, left, { ...right, x: 40 }))!.box).toEqual(box(35, 12, 10, 30));
  });

  it('gives all that a new scale changes', () => {
    const small = image(80, 80, { ...box(8, 8, 48, 8), level: 0 }, { ...box(16, 32, 40, 10), level: 90 });
    const region = changedRegion(page, small)!;
    expect(region.box.x + region.box.width).toBeGreaterThan(80);
    expect(region.box.y + region.box.height).toBe(88);
  });
});

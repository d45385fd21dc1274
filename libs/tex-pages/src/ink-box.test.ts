import type { Region } from '@pentimento/runtimes';
import { describe, expect, it } from 'vitest';
import { boxOf, closeEdges, closeRegions, closestEdges, closestRegion, doubtfulSides } from './ink-box.ts';
import type { Ink } from './pgm.ts';

const a4 = 841.89;

/** A PGM of a part of a page on which a rectangle is black, in points from the left top. */
function look({ left, top, right, bottom }: Ink, region: Region, scale: number): Buffer {
  const pixels = Buffer.alloc(region.width * region.height, 255);
  for (let y = 0; y < region.height; y++) {
    for (let x = 0; x < region.width; x++) {
      const [atX, atY] = [region.left + x, region.top + y];
      const isInk = atX + 1 > left * scale && atX < right * scale && atY + 1 > top * scale && atY < bottom * scale;
      if (isInk) pixels[y * region.width + x] = 0;
    }
  }
  return Buffer.concat([Buffer.from(`P5\n${region.width} ${region.height}\n255\n`), pixels]);
}

function boxAround(ink: Ink, height = a4) {
  const rough = {
    left: Math.floor(ink.left),
    top: Math.floor(ink.top),
    right: Math.ceil(ink.right),
    bottom: Math.ceil(ink.bottom),
  };
  const edges = closeEdges(
    rough,
    closeRegions(rough).map((region) => look(ink, region, 20)),
  );
  const sides = doubtfulSides(edges, height);
  const closest = closestEdges(
    edges,
    sides,
    sides.map((side) => look(ink, closestRegion(edges, side), 200)),
  );
  return { sides, box: boxOf(closest, height) };
}

describe('the box of ink', () => {
  it('is in whole points from the left bottom, without a closest look where none is needed', () => {
    expect(boxAround({ left: 10.4, top: 20.3, right: 40.6, bottom: 50.2 })).toEqual({
      sides: [],
      box: { left: 10, bottom: 791, right: 41, top: 822 },
    });
  });

  // Ghostscript 10 answers so for rules with these edges.
  it.each([
    [
      'a left edge at a whole point',
      { left: 71, top: 20.3, right: 100.6, bottom: 50.2 },
      ['left'],
      { left: 70, bottom: 791, right: 101, top: 822 },
    ],
    [
      'a right edge at a whole point',
      { left: 10.4, top: 20.3, right: 41, bottom: 50.2 },
      ['right'],
      { left: 10, bottom: 791, right: 42, top: 822 },
    ],
    [
      'a right edge just before one',
      { left: 10.4, top: 20.3, right: 40.97, bottom: 50.2 },
      ['right'],
      { left: 10, bottom: 791, right: 41, top: 822 },
    ],
    [
      'a left edge just behind one',
      { left: 71.03, top: 20.3, right: 100.6, bottom: 50.2 },
      ['left'],
      { left: 71, bottom: 791, right: 101, top: 822 },
    ],
    [
      'a top edge just below one',
      { left: 10.4, top: 20.92, right: 41.5, bottom: 50.2 },
      ['top'],
      { left: 10, bottom: 791, right: 42, top: 821 },
    ],
    [
      'a bottom edge just above one',
      { left: 10.4, top: 20.3, right: 41.5, bottom: 50.85 },
      ['bottom'],
      { left: 10, bottom: 791, right: 42, top: 822 },
    ],
  ])('with %s is that of pdfcrop', (_, ink, sides, box) => {
    expect(boxAround(ink)).toEqual({ sides, box });
  });

  it('begins a point before a page that is all ink, at its lower edge', () => {
    expect(boxAround({ left: 0, top: 0, right: 612, bottom: 792 }, 792).box).toMatchObject({ left: -1, bottom: 0 });
  });

  it('is that of the whole page where a close look shows nothing', () => {
    const rough = { left: 10, top: 20, right: 41, bottom: 51 };
    const edges = closeEdges(
      rough,
      [0, 1, 2, 3].map(() => Buffer.alloc(0)),
    );
    expect(edges).toEqual({
      left: { at: 10, along: 20 },
      top: { at: 20, along: 10 },
      right: { at: 41, along: 20 },
      bottom: { at: 51, along: 10 },
    });
  });
});

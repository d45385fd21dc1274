import { describe, expect, it } from 'vitest';
import { applied, insertion, removal, writable } from './edits.ts';
import { nextDetail, type Group } from './writers/groups.ts';
import { reduceColors } from './tracing/palette.ts';
import { unenlarge, type Raster } from './tracing/raster.ts';
import { areaOf, pathData, shortColor } from './tracing/shapes.ts';
import { simplifyRing } from './tracing/simplify.ts';
import { trace } from './tracing/trace.ts';

function rasterOf(width: number, colors: readonly (readonly [number, number, number])[]): Raster {
  return { width, height: colors.length / width, pixels: Buffer.from(colors.flatMap((color) => [...color, 255])) };
}
const white = [255, 255, 255] as const;
const black = [0, 0, 0] as const;

describe('path data', () => {
  it('is one absolute move and then the shortest relative lines', () => {
    const rings = [
      [2, 3, 12, 3, 12, 9, 2, 9],
      [5, 1, 7, 4, 3, 4],
      [0, 0, 4, 2, 6, 7, 1, 5],
    ];
    expect(pathData({ fill: '#000', rings })).toBe('M2 3h10v6h-10zm3-2l2 3h-4zm-5-1l4 2 2 5-5-2z');
  });

  it('has short colors where there are some', () => {
    expect([shortColor('#AABBCC'), shortColor('#AABBCD')]).toEqual(['#abc', '#aabbcd']);
  });
});

describe('simplification', () => {
  it('drops points on straight lines and repeats, and keeps corners', () => {
    expect(simplifyRing([0, 0, 5, 0, 10, 0, 10, 10, 10, 10, 0, 10, 0, 0], 0.5)).toEqual([0, 0, 10, 0, 10, 10, 0, 10]);
  });

  it('straightens a staircase within the tolerance', () => {
    const stairs = [0, 0, 1, 0, 1, 1, 2, 1, 2, 2, 3, 2, 3, 3, 4, 3, 4, 4, 0, 4];
    expect(simplifyRing(stairs, 0.75).length).toBeLessThan(stairs.length / 2);
    expect(simplifyRing(stairs, 0)).toEqual(stairs);
    expect(areaOf(simplifyRing(stairs, 0.75))).toBeGreaterThan(5);
  });
});

describe('few colors', () => {
  it('keeps flat colors exactly and puts the most frequent first', () => {
    const raster = rasterOf(4, [white, white, [250, 251, 252], black, white, white, [250, 251, 252], [200, 10, 10]]);
    expect(reduceColors(raster, 4)).toMatchObject({
      palette: ['#ffffff', expect.any(String), expect.any(String), expect.any(String)],
    });
    const { palette, indices } = reduceColors(raster, 4);
    expect([...indices].map((index) => palette[index])).toEqual([
      '#ffffff',
      '#ffffff',
      '#fafbfc',
      '#000000',
      '#ffffff',
      '#ffffff',
      '#fafbfc',
      '#c80a0a',
    ]);
  });

  it('never makes more than asked for, nor more than there are', () => {
    const grays = Array.from({ length: 256 }, (_, value) => [value, value, value] as const);
    expect(reduceColors(rasterOf(16, grays), 5).palette.length).toBeLessThanOrEqual(5);
    expect(reduceColors(rasterOf(2, [black, black, black, black]), 9).palette).toEqual(['#000000']);
  });
});

describe('tracing', () => {
  it('stacks what lies in a hole over what surrounds it', async () => {
    const ring = Array.from({ length: 49 }, (_, at) => {
      const edge = Math.max(Math.abs((at % 7) - 3), Math.abs(Math.floor(at / 7) - 3));
      return edge === 2 || edge === 0 ? black : white;
    });
    const shapes = await trace(reduceColors(rasterOf(7, ring), 2), { speckle: 1, tolerance: 0 });
    expect(shapes.map(({ fill, rings }) => [fill, ...rings.map(areaOf)])).toEqual([
      ['#fff', 49],
      ['#000', 25],
      ['#fff', 9],
      ['#000', 1],
    ]);
  });
});

describe('rasters', () => {
  it('shrink back to the size they were enlarged from, and only then', () => {
    const small = rasterOf(2, [white, black, black, white]);
    const rows = [white, white, black, black];
    const large = rasterOf(4, [...rows, ...rows, ...rows.toReversed(), ...rows.toReversed()]);
    expect(unenlarge(large, { width: 2, height: 2 })).toEqual(small);
    expect(unenlarge(large, { width: 3, height: 3 })).toBe(large);
    expect(unenlarge(large, { width: 2, height: 1 })).toBe(large);
  });
});

describe('edits', () => {
  it('grow an insertion to the left until its place is found once', () => {
    const code = 'a b\nc b\n';
    const edit = insertion(code, 6, 1, 'X');
    expect(code.split(edit.search)).toHaveLength(2);
    expect(code.replace(edit.search, edit.replace)).toBe('a b\nc Xb\n');
  });

  it('apply all or not at all', () => {
    expect(
      applied('a b a', [
        { search: 'b', replace: 'c' },
        { search: 'c', replace: 'd' },
      ]),
    ).toBe('a d a');
    expect(
      applied('a b a', [
        { search: 'b', replace: 'c' },
        { search: 'a', replace: 'd' },
      ]),
    ).toBeUndefined();
    expect(applied('a b a', [{ search: 'x', replace: 'c' }])).toBeUndefined();
    expect(applied('a b a', [{ search: ' ', replace: 'c' }])).toBeUndefined();
  });

  it('cannot be written where a line reads as a marker', () => {
    expect(writable({ search: 'a\n=======', replace: 'b' })).toBe(false);
    expect(writable({ search: 'a', replace: '>>>>>>> REPLACE  ' })).toBe(false);
    expect(writable({ search: 'a', replace: 'b ======= c' })).toBe(true);
  });

  it('remove whole lines without leaving an empty one', () => {
    const code = 'one\ntwo\nthree\nfour';
    const edit = removal(code, 4, 13);
    expect(code.replace(edit.search, edit.replace)).toBe('one\nfour');
  });
});

describe('the next level of detail', () => {
  const group = (x: number, width: number, detail: number): Group => ({
    box: { x, y: 0, width, height: 10 },
    detail,
    start: 0,
    end: 0,
  });
  const box = { x: 0, y: 0, width: 100, height: 10 };

  it('is 1 at first, and one above what a good part of the region has reached', () => {
    expect(nextDetail(box, [])).toBe(1);
    expect(nextDetail(box, [group(0, 100, 0)])).toBe(1);
    expect(nextDetail(box, [group(0, 100, 1), group(0, 50, 3)])).toBe(4);
    expect(nextDetail(box, [group(0, 100, 1), group(0, 20, 3)])).toBe(2);
  });
});

import { InvalidImageError } from '@pentimento/imaging';
import { describe, expect, it } from 'vitest';
import { inkOf, readPgm } from './pgm.ts';

const pgm = (width: number, height: number, values: number[]): Buffer =>
  Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), Buffer.from(values)]);

describe('a PGM', () => {
  it('is read to its pixels, and no bytes are none', () => {
    expect(readPgm(pgm(2, 1, [0, 255]))).toEqual({ width: 2, height: 1, pixels: Buffer.from([0, 255]) });
    expect(readPgm(Buffer.alloc(0))).toBeUndefined();
  });

  it.each([
    ['with too few pixels', pgm(2, 2, [0, 0, 0])],
    ['with too many', pgm(1, 1, [0, 0])],
    ['of colors', Buffer.from('P6\n1 1\n255\nxyz')],
    ['that is text', Buffer.from('no image')],
  ])('%s is refused', (_, bytes) => {
    expect(() => readPgm(bytes)).toThrow(InvalidImageError);
  });
});

describe('ink', () => {
  const edgesOf = (rows: string[]) =>
    inkOf({
      width: rows[0]!.length,
      height: rows.length,
      pixels: Buffer.from(
        rows
          .join('')
          .split('')
          .map((mark) => (mark === '.' ? 255 : 254)),
      ),
    });

  it.each([
    ['a dot', ['....', '..#.', '....'], { left: 2, top: 1, right: 3, bottom: 2 }],
    ['dots apart', ['....#', '.....', '#....'], { left: 0, top: 0, right: 5, bottom: 3 }],
    ['a whole page', ['##', '##'], { left: 0, top: 0, right: 2, bottom: 2 }],
    ['an inner row that is wider', ['..#..', '#...#', '..#..', '.....'], { left: 0, top: 0, right: 5, bottom: 3 }],
  ])('of %s has its edges, however faint it is', (_, rows, expected) => {
    expect(edgesOf(rows)).toEqual(expected);
  });

  it('is none on a white page', () => {
    expect(edgesOf(['...', '...'])).toBeUndefined();
  });
});

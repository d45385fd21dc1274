import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeImage, gridFor, resizeBicubic, tilesOf, type RgbImage } from '@pentimento/reward';

/**
 * The reward's preprocessing against Pillow, byte for byte. The trap: any other resampler (libvips differs by up to 78 of 255) or one
 * missed rounding step shifts every score, and nothing else would show it. `reward-oracle.py` made the values.
 */
interface Cut {
  grid: [number, number];
  tiles: string[];
}
type Pair = [number, number];
interface Golden {
  patterns: (Cut & { size: Pair })[];
  stretches: (Cut & { from: Pair; to: Pair })[];
  files: (Cut & { file: string })[];
}
const golden = JSON.parse(readFileSync(new URL('reward.json', import.meta.url), 'utf8')) as Golden;
const root = new URL('../../', import.meta.url);

describe('tiles as Pillow cuts them', () => {
  it.each(golden.patterns)('of a pattern of $size', ({ size, ...expected }) => {
    expect(cut(pattern(...size))).toEqual(expected);
  });

  it.each(golden.stretches)('of a pattern of $from stretched to $to', ({ from, to: [width, height], ...expected }) => {
    expect(cut(resizeBicubic(pattern(...from), { width, height }))).toEqual(expected);
  });

  it.each(golden.files)('of $file on white', async ({ file, ...expected }) => {
    expect(cut(await decodeImage(readFileSync(new URL(file, root)), 'target'))).toEqual(expected);
  });
});

function cut(image: RgbImage): Cut {
  const { columns, rows } = gridFor(image.width, image.height);
  const tiles = tilesOf(image).map((tile) => createHash('sha256').update(tile.pixels).digest('hex'));
  return { grid: [columns, rows], tiles };
}

/** The oracle's pattern. */
function pattern(width: number, height: number): RgbImage {
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const checker = ((Math.floor(x / 7) + Math.floor(y / 5)) % 2) * 90;
      for (let channel = 0; channel < 3; channel++) {
        pixels[to++] = (x * (3 + channel) + y * (5 + 2 * channel) + ((x * y) >> 3) + checker) & 255;
      }
    }
  }
  return { width, height, pixels };
}

import sharp from 'sharp';
import { expect, it } from 'vitest';
import { fingerprintOf } from './fingerprint.ts';

const image = (width: number, height: number, background: { r: number; g: number; b: number; alpha: number }) =>
  sharp({ create: { width, height, channels: 4, background } })
    .png()
    .toBuffer();

it('is the mean colors of 16 x 16 cells, on white', async () => {
  const { cells, aspect } = await fingerprintOf(await image(64, 32, { r: 200, g: 10, b: 30, alpha: 1 }));
  expect(cells).toHaveLength(16 * 16 * 3);
  expect([...cells.slice(-3)]).toEqual([200, 10, 30]);
  expect(aspect).toBe(2);
  const clear = await fingerprintOf(await image(16, 16, { r: 0, g: 0, b: 0, alpha: 0 }));
  expect(new Set(clear.cells)).toEqual(new Set([255]));
});

it('stays nearly the same when an image is scaled or compressed', async () => {
  const svg = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"><rect width="400" height="300" fill="#fff"/><circle cx="150" cy="120" r="80" fill="#c33"/></svg>',
  );
  const original = await fingerprintOf(await sharp(svg).png().toBuffer());
  const variants = [sharp(svg).resize(200, 150).png(), sharp(svg).jpeg({ quality: 70 })];
  for (const variant of variants) {
    const { cells } = await fingerprintOf(await variant.toBuffer());
    const differences = cells.map((value, index) => Math.abs(value - original.cells[index]!));
    expect(Math.max(...differences)).toBeLessThan(32);
    expect(differences.reduce((sum, value) => sum + value, 0) / differences.length).toBeLessThan(1);
  }
});

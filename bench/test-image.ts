import sharp from 'sharp';

/** Stripes of text-like strokes, so that no tile is blank and none of two variants are equal; those of numbers 11 apart are. */
export function testImage(width: number, height: number, variant: number): Promise<Buffer> {
  const pixels = Buffer.alloc(width * height * 3, 255);
  for (let y = 0; y < height; y++) {
    if (y % 12 > 7) continue;
    for (let x = 0; x < width; x++) {
      if ((x * 7 + ((x * y) >> 2) + variant * 3) % 11 < 4)
        pixels.fill(40 + (x % 150), (y * width + x) * 3, (y * width + x) * 3 + 3);
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

import sharp from 'sharp';

/** How many pixels of an opaque image are within `tolerance` levels of a color (six hexadecimal digits) in each channel. */
export async function countOfColor(png: Uint8Array, color: string, tolerance: number): Promise<number> {
  const wanted = Buffer.from(color, 'hex');
  const pixels = await sharp(png).removeAlpha().raw().toBuffer();
  let count = 0;
  for (let i = 0; i < pixels.length; i += 3) {
    if (wanted.every((level, channel) => Math.abs(level - pixels[i + channel]!) <= tolerance)) count++;
  }
  return count;
}

import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { InvalidImageError } from './errors.ts';
import { isSingleColor, readPng, type Png } from './png.ts';

const size = { width: 64, height: 48 };
const read = (bytes: Uint8Array, expected = size): Promise<Png> => readPng(bytes, expected, 1_000_000);
const plain = (background: string, channels: 3 | 4 = 3): Promise<Buffer> =>
  sharp({ create: { ...size, channels, background } })
    .png()
    .toBuffer();

function chunk(type: string, data: Buffer): Buffer {
  const whole = Buffer.concat([Buffer.alloc(4), Buffer.from(type), data, Buffer.alloc(4)]);
  whole.writeUInt32BE(data.length, 0);
  whole.writeUInt32BE(crc32(whole.subarray(4, -4)), whole.length - 4);
  return whole;
}

/** The image with another byte in its header. */
function withHeader(png: Buffer, at: number, value: number): Buffer {
  const header = Buffer.from(png.subarray(16, 29));
  header[at] = value;
  return Buffer.concat([png.subarray(0, 8), chunk('IHDR', header), png.subarray(33)]);
}

describe('reading an untrusted PNG', () => {
  it('drops all chunks that are not the image', async () => {
    const png = await plain('teal');
    const withText = Buffer.concat([
      png.subarray(0, 33),
      chunk('tEXt', Buffer.from('Secret\0words')),
      png.subarray(33),
    ]);
    const { bytes } = await read(withText);
    expect(Buffer.from(bytes).includes('words')).toBe(false);
    expect((await sharp(bytes).metadata()).width).toBe(64);
  });

  it.each<[string, (png: Buffer) => Buffer]>([
    ['bytes that are not a PNG', () => Buffer.from('GIF89a')],
    ['no bytes', () => Buffer.alloc(0)],
    ['a truncated image', (png) => png.subarray(0, -20)],
    [
      'a damaged image',
      (png) => Buffer.concat([png.subarray(0, -20), Buffer.from([png.at(-20)! ^ 1]), png.subarray(-19)]),
    ],
    [
      'a chunk longer than the file',
      (png) => Buffer.concat([png.subarray(0, 33), Buffer.from('7fffffff49444154', 'hex')]),
    ],
    ['a header without its size', (png) => Buffer.concat([png.subarray(0, 8), chunk('IHDR', Buffer.alloc(4))])],
    ['another compression', (png) => withHeader(png, 10, 1)],
    ['another set of filters', (png) => withHeader(png, 11, 1)],
    [
      'a hundred thousand parts',
      (png) => Buffer.concat([png.subarray(0, 33), ...new Array<Buffer>(100_000).fill(chunk('tEXt', Buffer.alloc(0)))]),
    ],
    ['a second header', (png) => Buffer.concat([png.subarray(0, 33), png.subarray(8)])],
    ['a missing header', (png) => Buffer.concat([png.subarray(0, 8), png.subarray(33)])],
  ])('refuses %s', async (_, damage) => {
    const png = await plain('teal');
    await expect(read(damage(png))).rejects.toThrow(InvalidImageError);
  });

  it('refuses a size that was not expected', async () => {
    const png = await plain('teal');
    await expect(read(png, { width: 65, height: 48 })).rejects.toThrow('64x48, not 65x48');
  });

  it('refuses a palette, 16 bits and interlacing', async () => {
    const image = sharp({ create: { ...size, channels: 3, background: 'teal' } });
    for (const options of [{ palette: true }, { progressive: true }]) {
      const png = await image.clone().png(options).toBuffer();
      await expect(read(png)).rejects.toThrow('another pixel format');
    }
    const deep = await image.clone().toColorspace('rgb16').png().toBuffer();
    await expect(read(deep)).rejects.toThrow('another pixel format');
  });
});

describe('a single color', () => {
  it.each(['white', 'teal', 'black'])('is recognized in %s', async (color) => {
    expect(await isSingleColor(await read(await plain(color)))).toBe(true);
    expect(await isSingleColor(await read(await plain(color, 4), size))).toBe(true);
  });

  it.each([
    [0, 0],
    [63, 0],
    [0, 47],
    [63, 47],
    [31, 20],
  ])('is not recognized where the pixel at %i,%i differs slightly', async (left, top) => {
    const dot = await sharp({ create: { width: 1, height: 1, channels: 3, background: '#fefefe' } })
      .png()
      .toBuffer();
    const image = sharp({ create: { ...size, channels: 3, background: 'white' } }).composite([
      { input: dot, left, top },
    ]);
    for (const adaptiveFiltering of [false, true]) {
      const png = await image.clone().removeAlpha().png({ adaptiveFiltering }).toBuffer();
      expect(await isSingleColor(await read(png))).toBe(false);
    }
  });

  it('refuses a row with an unknown filter, wherever it is', async () => {
    const rowOf = (filter: number) => Buffer.concat([Buffer.from([filter]), Buffer.alloc(64 * 3, '\u0001\u0002')]);
    for (const position of [0, 8, 47]) {
      const rows = Array.from({ length: 48 }, (_, index) => rowOf(index === position ? 5 : 0));
      const data = chunk('IDAT', deflateSync(Buffer.concat(rows)));
      const header = (await plain('white')).subarray(0, 33);
      const png = Buffer.concat([header, data, chunk('IEND', Buffer.alloc(0))]);
      await expect(isSingleColor(await read(png))).rejects.toThrow('unknown filter');
      await expect(sharp(png, { failOn: 'error' }).raw().toBuffer()).rejects.toThrow();
    }
  });

  it('refuses pixels that unpack to too many or too few bytes', async () => {
    const png = await plain('white');
    const lie = (width: number, height: number): Buffer => {
      const header = Buffer.from(png.subarray(16, 29));
      header.writeUInt32BE(width, 0);
      header.writeUInt32BE(height, 4);
      return Buffer.concat([png.subarray(0, 8), chunk('IHDR', header), png.subarray(33)]);
    };
    await expect(isSingleColor(await read(lie(64, 40), { width: 64, height: 40 }))).rejects.toThrow(InvalidImageError);
    await expect(isSingleColor(await read(lie(64, 4000), { width: 64, height: 4000 }))).rejects.toThrow(
      InvalidImageError,
    );
  });
});

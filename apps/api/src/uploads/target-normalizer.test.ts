import { deflateSync, gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { ProblemException } from '../http/problem.exception.ts';
import { TargetNormalizer } from './target-normalizer.ts';

const normalizer = new TargetNormalizer();
const plain = (width: number, height: number, background = '#336699') =>
  sharp({ create: { width, height, channels: 3, background } });
const refusal = async (bytes: Uint8Array) => {
  const error = (await normalizer.normalize(bytes).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )) as ProblemException | undefined;
  return error?.code;
};
const firstPixel = async (png: Uint8Array) => [...(await sharp(png).raw().toBuffer()).subarray(0, 3)];

/** A PNG of these chunks: enough for readers of headers. */
function png(width: number, height: number, ...chunks: [string, Uint8Array][]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const parts: Buffer[] = [Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')];
  for (const [name, data] of [['IHDR', header], ...chunks, ['IEND', new Uint8Array()]] as [string, Uint8Array][]) {
    const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
    const frame = Buffer.alloc(4);
    frame.writeUInt32BE(data.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    parts.push(frame, body, sum);
  }
  return Buffer.concat(parts);
}

function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

describe('an unusable image', () => {
  it('is refused where it is text, whatever its name', async () => {
    expect(await refusal(Buffer.from('not an image'))).toBe('unsupported-image');
    expect(await refusal(new Uint8Array())).toBe('unsupported-image');
  });

  it('is refused in another format', async () => {
    expect(await refusal(await plain(20, 20).gif().toBuffer())).toBe('unsupported-image');
    expect(await refusal(await plain(20, 20).tiff().toBuffer())).toBe('unsupported-image');
    expect(await refusal(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'))).toBe(
      'unsupported-image',
    );
  });

  it.each([
    ['<!-- Made by hand -->\n<svg xmlns="http://www.w3.org/2000/svg"/>', 'an SVG;'],
    ['\ufeff<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "a" "b" [<!ENTITY x "y">]>\n<svg>', 'an SVG;'],
    ['<!doctype html><html><svg></svg></html>', 'an XML or HTML file;'],
    ['<?xml version="1.0"?><rss/>', 'an XML or HTML file;'],
    [gzipSync('<svg/>'), 'a compressed file, such as an SVGZ;'],
    ['\0\0\0\x20ftypisom\0\0\0\0', 'a video;'],
    ['\0\0\0\x20ftypqt  \0\0\0\0', 'a video;'],
    ['\0\0\0\x20ftypavif\0\0\0\0', 'an AVIF or HEIC image;'],
    ['\0\0\0\x20ftypheic\0\0\0\0', 'an AVIF or HEIC image;'],
    ['PK\x03\x04', 'a ZIP archive or an office document;'],
    ['<'.repeat(100_000), 'not an image of a known format;'],
  ])('is refused by what it is: %j', async (content, what) => {
    await expect(normalizer.normalize(Buffer.from(content))).rejects.toThrow(
      `The file is ${what} send a PNG, JPEG or WebP`,
    );
  });

  it('is refused as a header alone, or truncated', async () => {
    const whole = await sharp(Buffer.from(Array.from({ length: 300 * 300 * 3 }, (_, at) => (at * 7919) % 256)), {
      raw: { width: 300, height: 300, channels: 3 },
    })
      .png()
      .toBuffer();
    expect(await refusal(whole.subarray(0, 20))).toBe('invalid-image');
    expect(await refusal(whole.subarray(0, whole.length / 2))).toBe('invalid-image');
    const jpeg = await sharp(whole).jpeg().toBuffer();
    expect(await refusal(jpeg.subarray(0, jpeg.length / 2))).toBe('invalid-image');
  });

  it('is refused as a single pixel', async () => {
    expect(await refusal(await plain(1, 1).png().toBuffer())).toBe('invalid-image');
  });

  it('is refused by its header where it is 20,000 pixels wide', async () => {
    expect(await refusal(png(20_000, 10, ['IDAT', deflateSync(Buffer.alloc(10 * 60_001))]))).toBe('image-too-large');
  });

  it('is refused as a decompression bomb before it is decoded', async () => {
    const bomb = png(16_000, 16_000, ['IDAT', deflateSync(Buffer.alloc(16_000 * 200))]);
    const before = process.memoryUsage().rss;
    expect(await refusal(bomb)).toBe('image-too-large');
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
  });

  it('is refused as an animation, in WebP and in PNG', async () => {
    const frames = await Promise.all(['#f00', '#00f'].map((color) => plain(20, 20, color).png().toBuffer()));
    const webp = await sharp(frames, { join: { animated: true } })
      .webp()
      .toBuffer();
    expect(await refusal(webp)).toBe('unsupported-image');
    const still = await plain(20, 20).png().toBuffer();
    const control = png(20, 20, ['acTL', new Uint8Array([0, 0, 0, 2, 0, 0, 0, 0])]).subarray(33, 53);
    expect(await refusal(Buffer.concat([still.subarray(0, 33), control, still.subarray(33)]))).toBe(
      'unsupported-image',
    );
  });
});

describe('an accepted image', () => {
  it('keeps its original bytes, and becomes a PNG of the same size', async () => {
    const bytes = await plain(40, 30).jpeg().toBuffer();
    const target = await normalizer.normalize(bytes);
    expect(target).toMatchObject({ bytes, type: 'image/jpeg', width: 40, height: 30, hadAlpha: false });
    expect(await sharp(target.png).metadata()).toMatchObject({
      format: 'png',
      space: 'srgb',
      channels: 3,
      depth: 'uchar',
    });
  });

  it('is flattened on white where it is transparent, which is recorded', async () => {
    const clear = await sharp({ create: { width: 20, height: 20, channels: 4, background: '#0000' } })
      .png()
      .toBuffer();
    const target = await normalizer.normalize(clear);
    expect(target.hadAlpha).toBe(true);
    expect(await firstPixel(target.png)).toEqual([255, 255, 255]);
    expect((await sharp(target.png).metadata()).hasAlpha).toBe(false);
  });

  it('is flattened on black where white would hide all that is drawn', async () => {
    const mark = await plain(8, 8, '#fff').png().toBuffer();
    const logo = await sharp({ create: { width: 20, height: 20, channels: 4, background: '#fff0' } })
      .composite([{ input: mark, left: 6, top: 6 }])
      .png()
      .toBuffer();
    const target = await normalizer.normalize(logo);
    expect(target.hadAlpha).toBe(true);
    expect(await firstPixel(target.png)).toEqual([0, 0, 0]);
    const { channels } = await sharp(target.png).stats();
    expect(channels.map(({ min, max }) => [min, max])).toEqual([
      [0, 255],
      [0, 255],
      [0, 255],
    ]);
  });

  it('is taken as a PNG with an animation of one frame', async () => {
    const still = await plain(20, 20).png().toBuffer();
    const control = png(20, 20, ['acTL', new Uint8Array([0, 0, 0, 1, 0, 0, 0, 0])]).subarray(33, 53);
    const target = await normalizer.normalize(Buffer.concat([still.subarray(0, 33), control, still.subarray(33)]));
    expect(await firstPixel(target.png)).toEqual([0x33, 0x66, 0x99]);
  });

  it('is not transparent where its alpha channel is opaque', async () => {
    const opaque = await plain(20, 20).ensureAlpha().png().toBuffer();
    expect((await normalizer.normalize(opaque)).hadAlpha).toBe(false);
  });

  it('becomes 8-bit sRGB from 16 bits, gray and CMYK', async () => {
    const inputs = await Promise.all([
      plain(20, 20, '#ff0000').toColourspace('rgb16').png().toBuffer(),
      plain(20, 20, '#808080').toColourspace('b-w').png().toBuffer(),
      plain(20, 20, '#ff0000').toColourspace('cmyk').jpeg().toBuffer(),
    ]);
    expect((await sharp(inputs[0]).metadata()).depth).toBe('ushort');
    expect((await sharp(inputs[2]).metadata()).space).toBe('cmyk');
    const targets = await Promise.all(inputs.map((bytes) => normalizer.normalize(bytes)));
    for (const { png } of targets) {
      expect(await sharp(png).metadata()).toMatchObject({ space: 'srgb', depth: 'uchar', channels: 3 });
    }
    expect(await firstPixel(targets[0]!.png)).toEqual([255, 0, 0]);
    expect(await firstPixel(targets[1]!.png)).toEqual([128, 128, 128]);
  });

  it.each([
    [undefined, 1],
    [72, 1],
    [96, 1],
    [142, 1],
    [143, 2],
    [144, 2],
    [145, 2],
    [216, 3],
    [288, 3],
    [192, 2],
    [384, 4],
    [300, 1],
    [360, 1],
  ])('has, as a PNG of %s dpi, the device scale %d', async (density, deviceScale) => {
    const image = plain(20, 20);
    const bytes = await (density === undefined ? image : image.withMetadata({ density })).png().toBuffer();
    expect((await sharp(bytes).metadata()).density).toBe(density);
    expect((await normalizer.normalize(bytes)).deviceScale).toBe(deviceScale);
  });

  it('has another device scale than 1 only as a PNG', async () => {
    const jpegWithDensity = await plain(20, 20).withMetadata({ density: 144 }).jpeg().toBuffer();
    expect((await sharp(jpegWithDensity).metadata()).density).toBe(144);
    expect((await normalizer.normalize(jpegWithDensity)).deviceScale).toBe(1);
  });

  it('is rotated by its camera orientation and loses its metadata', async () => {
    const turned = await plain(40, 20).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const target = await normalizer.normalize(turned);
    expect([target.width, target.height]).toEqual([20, 40]);
    const { exif, icc, orientation } = await sharp(target.png).metadata();
    expect([exif, icc, orientation]).toEqual([undefined, undefined, undefined]);
  });
});

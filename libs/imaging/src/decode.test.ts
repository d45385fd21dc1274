import { describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { InvalidImageError } from './errors.ts';
import { pngHeader } from './testing/images.ts';
import { encodePng, headerChunk, pngChunk, pngSignature, type Sample } from './testing/png.ts';
import { decodeImage, measureImage } from './decode.ts';

const noise: Sample = (x, y, channel) => (x * 31 + y * 17 + channel * 7 + x * y * 5) & 255;

describe('colors', () => {
  it('keeps the upper 8 of 16 bits, also of gray', async () => {
    const deep = [0x00ff, 0x7f80, 0x8000, 0xffff];
    const gray = encodePng({ width: 4, height: 1, colorType: 'gray', bitDepth: 16 }, (x) => deep[x]!);
    const { pixels } = await decodeImage(gray, 'target', 'reference');
    expect([...pixels]).toEqual([0x00, 0x7f, 0x80, 0xff].flatMap((value) => [value, value, value]));
  });

  it('ignores the orientation in the metadata', async () => {
    const bytes = await sharp(encodePng({ width: 6, height: 4, colorType: 'rgb' }, noise))
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    expect((await sharp(bytes).metadata()).orientation).toBe(6);
    expect(await measureImage(bytes, 'target')).toEqual({ width: 6, height: 4 });
    expect(await decodeImage(bytes, 'target')).toMatchObject({ width: 6, height: 4 });
  });
});

describe('transparency', () => {
  const faint = encodePng(
    { width: 1, height: 1, colorType: 'rgb-alpha' },
    (_x, _y, channel) => [10, 20, 30, 0][channel]!,
  );

  it('becomes white by default', async () => {
    const { mode, pixels } = await decodeImage(faint, 'target');
    expect([mode, ...pixels]).toEqual(['RGB', 255, 255, 255]);
  });

  it('is kept in a target of the reference, and dropped in its render', async () => {
    const target = await decodeImage(faint, 'target', 'reference');
    const render = await decodeImage(faint, 'render', 'reference');
    expect([target.mode, ...target.pixels]).toEqual(['RGBA', 10, 20, 30, 0]);
    expect([render.mode, ...render.pixels]).toEqual(['RGB', 10, 20, 30]);
  });
});

describe('invalid images', () => {
  const image = encodePng({ width: 200, height: 150, colorType: 'rgb' }, noise);

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a GIF', Buffer.from('GIF89a')],
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
    ['a TIFF', Buffer.from('II*\0')],
    ['a WAV', Buffer.from('RIFF\x10\0\0\0WAVE')],
    ['text', Buffer.from('not an image')],
  ])('refuses %s by its first bytes', async (_name, bytes) => {
    await expect(decodeImage(bytes, 'render')).rejects.toThrow(
      new InvalidImageError('The render is not a PNG, JPEG or WebP image: send one of these.'),
    );
  });

  it.each(['png', 'jpeg', 'webp'] as const)('refuses a truncated %s, at any length', async (format) => {
    const whole = await sharp(image).toFormat(format).toBuffer();
    for (const share of [0.02, 0.2, 0.5, 0.9]) {
      const cut = whole.subarray(0, Math.floor(whole.length * share));
      await expect(decodeImage(cut, 'target'), `${share}`).rejects.toThrow(InvalidImageError);
    }
  });

  it.each([
    ['only a header', pngSignature],
    ['no size', Buffer.concat([pngSignature, headerChunk({ width: 0, height: 0, colorType: 'rgb' })])],
    ['a palette image without a palette', encodePng({ width: 9, height: 9, colorType: 'palette' }, noise)],
    ['a wrong checksum', damaged(image, 20)],
    ['damaged pixels', damaged(image, 600)],
    ['missing rows', encodeRows(100, 3)],
  ])('refuses a PNG with %s', async (_name, bytes) => {
    await expect(decodeImage(bytes, 'target')).rejects.toThrow(
      'The target cannot be read as an image, its bytes are damaged: send it again.',
    );
  });

  it.each([
    [100_000, 100_000, 'more than can be scored: send one of at most 178956970 pixels.'],
    [13_378, 13_378, 'more than can be scored: send one of at most 178956970 pixels.'],
    [70_000, 2, 'a side longer than can be scored: send one of at most 65535 a side.'],
    [2, 70_000, 'a side longer than can be scored: send one of at most 65535 a side.'],
  ])('refuses a header of %i x %i px before it allocates memory', async (width, height, why) => {
    const before = process.memoryUsage.rss();
    await expect(decodeImage(pngHeader(width, height), 'target')).rejects.toThrow(
      `The target has ${width} x ${height} pixels, ${why}`,
    );
    expect(process.memoryUsage.rss() - before).toBeLessThan(100e6);
  });

  it('ignores ancillary chunks of a PNG', async () => {
    const chunks = [pngChunk('iCCP', Buffer.from('x\0\0rubbish')), pngChunk('eXIf', Buffer.alloc(40, 255))];
    const odd = encodePng({ width: 200, height: 150, colorType: 'rgb', chunks }, noise);
    expect((await decodeImage(odd, 'target')).pixels).toEqual((await decodeImage(image, 'target')).pixels);
  });

  function damaged(bytes: Uint8Array, at: number): Uint8Array {
    const copy = Uint8Array.from(bytes);
    copy[at]! ^= 0x55;
    return copy;
  }

  /** Its header gives `height` rows, and its data holds only `rows`. */
  function encodeRows(height: number, rows: number): Buffer {
    const short = encodePng({ width: 50, height: rows, colorType: 'rgb' }, noise);
    const header = headerChunk({ width: 50, height, colorType: 'rgb' });
    return Buffer.concat([pngSignature, header, short.subarray(pngSignature.length + header.length)]);
  }
});

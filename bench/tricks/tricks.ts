/** Images that a program makes of a target without drawing what it shows. */
import sharp, { type Sharp } from 'sharp';
import { Random } from '../ranking/random.ts';
import { readPixels, textBoxes, writePixels, type Pixels } from './pixels.ts';

export interface Trick {
  name: string;
  /** `cheap`: hardly anything of the target can be seen in it. `soft`: a copy of the target's pixels that is worse than the target. */
  kind: 'cheap' | 'soft';
  make(target: Uint8Array): Promise<Uint8Array>;
}

export const tricks: readonly Trick[] = [
  { name: 'mean color', kind: 'cheap', make: meanColor },
  { name: 'tiled part', kind: 'cheap', make: tiledPart },
  { name: 'shuffled pixels', kind: 'cheap', make: byPixels(shuffled) },
  { name: 'inverted', kind: 'cheap', make: byValues((value) => 255 - value) },
  { name: 'edges only', kind: 'cheap', make: byPixels(edges) },
  { name: 'blurred 2 px', kind: 'soft', make: (target) => toPng(sharp(target).blur(2)) },
  { name: 'blurred 6 px', kind: 'soft', make: (target) => toPng(sharp(target).blur(6)) },
  { name: 'faded to half', kind: 'soft', make: byValues((value) => (value + 255) / 2) },
  { name: 'low contrast', kind: 'soft', make: byValues((value) => 128 + (value - 128) * 0.4) },
  { name: 'noise', kind: 'soft', make: byPixels(noisy) },
  { name: 'JPEG blocks', kind: 'soft', make: async (target) => toPng(sharp(await jpeg(target))) },
  { name: 'mosaic', kind: 'soft', make: mosaic },
  { name: 'text as bars', kind: 'soft', make: byPixels(textAsBars) },
  { name: 'sharp text only', kind: 'soft', make: sharpTextOnly },
  { name: 'shifted', kind: 'soft', make: byPixels(shifted) },
  { name: 'posterized', kind: 'soft', make: byValues((value) => Math.round(value / 85) * 85) },
];

const toPng = (image: Sharp): Promise<Buffer> => image.removeAlpha().png().toBuffer();

const jpeg = (target: Uint8Array): Promise<Buffer> => sharp(target).jpeg({ quality: 8 }).toBuffer();

function byPixels(change: (pixels: Pixels) => Uint8Array): Trick['make'] {
  return async (target) => {
    const pixels = await readPixels(target);
    return writePixels({ ...pixels, rgb: change(pixels) });
  };
}

function byValues(change: (value: number) => number): Trick['make'] {
  return byPixels(({ rgb }) => rgb.map((value) => Math.round(change(value))));
}

async function meanColor(target: Uint8Array): Promise<Uint8Array> {
  const [{ width, height }, { channels }] = await Promise.all([sharp(target).metadata(), sharp(target).stats()]);
  const [r, g, b] = channels.map(({ mean }) => Math.round(mean)) as [number, number, number];
  return toPng(sharp({ create: { width, height, channels: 3, background: { r, g, b } } }));
}

/** The middle sixteenth, again and again. */
async function tiledPart(target: Uint8Array): Promise<Uint8Array> {
  const { width, height } = await sharp(target).metadata();
  const side = { width: Math.ceil(width / 4), height: Math.ceil(height / 4) };
  const part = await sharp(target)
    .extract({ left: Math.floor(width * 0.375), top: Math.floor(height * 0.375), ...side })
    .toBuffer();
  const canvas = sharp({ create: { width, height, channels: 3, background: '#fff' } });
  return toPng(canvas.composite([{ input: part, tile: true, gravity: 'northwest' }]));
}

/** Noise with the target's histogram. */
function shuffled({ width, height, rgb }: Pixels): Uint8Array {
  const order = new Random(1).shuffled(Array.from({ length: width * height }, (_, index) => index));
  return Uint8Array.from(rgb, (_, index) => rgb[order[Math.floor(index / 3)]! * 3 + (index % 3)]!);
}

/** Differences to the pixels to the left and above, dark on white. */
function edges({ width, rgb }: Pixels): Uint8Array {
  return rgb.map((value, index) => {
    const [left, above] = [rgb[index - 3] ?? value, rgb[index - 3 * width] ?? value];
    return 255 - Math.min(255, Math.abs(value - left) + Math.abs(value - above));
  });
}

function noisy({ rgb }: Pixels): Uint8Array {
  const random = new Random(2);
  return Uint8Array.from(Uint8ClampedArray.from(rgb, (value) => value + 24 * random.normal()));
}

async function mosaic(target: Uint8Array): Promise<Uint8Array> {
  const { width, height } = await sharp(target).metadata();
  const small = await sharp(target)
    .resize(Math.ceil(width / 4), Math.ceil(height / 4), { fit: 'fill' })
    .toBuffer();
  return toPng(sharp(small).resize(width, height, { fit: 'fill', kernel: 'nearest' }));
}

/** Each word as a bar of its mean color. */
function textAsBars(pixels: Pixels): Uint8Array {
  const bars = Uint8Array.from(pixels.rgb);
  for (const { left, top, width, height } of textBoxes(pixels)) {
    const at = (x: number, y: number): number => ((top + y) * pixels.width + left + x) * 3;
    for (let channel = 0; channel < 3; channel++) {
      let sum = 0;
      for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) sum += pixels.rgb[at(x, y) + channel]!;
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) bars[at(x, y) + channel] = Math.round(sum / (width * height));
      }
    }
  }
  return bars;
}

/** All but the words is blurred. */
async function sharpTextOnly(target: Uint8Array): Promise<Uint8Array> {
  const [pixels, soft] = await Promise.all([readPixels(target), toPng(sharp(target).blur(6)).then(readPixels)]);
  for (const { left, top, width, height } of textBoxes(pixels)) {
    for (let y = top; y < top + height; y++) {
      const [from, end] = [(y * pixels.width + left) * 3, (y * pixels.width + left + width) * 3];
      soft.rgb.set(pixels.rgb.subarray(from, end), from);
    }
  }
  return writePixels(soft);
}

/** By a sixteenth of each side, with the edges repeated. */
function shifted({ width, height, rgb }: Pixels): Uint8Array {
  const [right, down] = [Math.ceil(width / 16), Math.ceil(height / 16)];
  return rgb.map((_, index) => {
    const pixel = Math.floor(index / 3);
    const x = Math.max(0, (pixel % width) - right);
    const y = Math.max(0, Math.floor(pixel / width) - down);
    return rgb[(y * width + x) * 3 + (index % 3)]!;
  });
}

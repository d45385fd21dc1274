import { readFileSync } from 'node:fs';
import sharp, { type Sharp } from 'sharp';
import { encodePng, pngChunk, type PngOptions, type Sample } from '../../libs/imaging/src/testing/png.ts';

export interface ParityCase {
  name: string;
  bytes: () => Buffer | Promise<Buffer>;
  /** The target's size, where the image is a render. */
  stretch?: [number, number];
  /** Its bytes may differ on another machine: only an installed Pillow can check it. */
  unstored?: true;
}

type Pair = readonly [number, number];

/** Odd sizes, extreme aspect ratios, both sides of every special case of the grid, upscaling and downscaling. */
const sizes: readonly Pair[] = [
  [1, 1],
  [2, 1],
  [7, 3],
  [3, 7],
  [48, 48],
  [33, 57],
  [336, 336],
  [447, 449],
  [448, 448],
  [449, 447],
  [633, 633],
  [634, 634],
  [640, 480],
  [641, 479],
  [390, 844],
  [896, 448],
  [1201, 803],
  [2501, 699],
  [1200, 3731],
  [1, 16_000],
  [16_000, 1],
  [65_535, 2],
  [5000, 3500],
];

/** Of a render to its target's size: larger, smaller, one axis only, to and from one pixel. */
const stretches: readonly (readonly [Pair, [number, number]])[] = [
  [
    [500, 400],
    [640, 480],
  ],
  [
    [1300, 901],
    [333, 777],
  ],
  [
    [48, 48],
    [336, 336],
  ],
  [
    [640, 480],
    [640, 481],
  ],
  [
    [641, 480],
    [640, 480],
  ],
  [
    [1, 1],
    [50, 40],
  ],
  [
    [900, 700],
    [1, 1],
  ],
  [
    [1, 5000],
    [5000, 1],
  ],
  [
    [2600, 1800],
    [640, 480],
  ],
];

const square: [number, number] = [50, 50];

/** Every kind of PNG. */
const kinds: Record<string, Omit<PngOptions, 'width' | 'height'>> = {
  'gray-1': { colorType: 'gray', bitDepth: 1 },
  'gray-2': { colorType: 'gray', bitDepth: 2 },
  'gray-4': { colorType: 'gray', bitDepth: 4 },
  'gray-8': { colorType: 'gray' },
  'gray-16': { colorType: 'gray', bitDepth: 16 },
  'gray-1-transparent': { colorType: 'gray', bitDepth: 1, chunks: [transparent(0)] },
  'gray-8-transparent': { colorType: 'gray', chunks: [transparent(90)] },
  'rgb-8': { colorType: 'rgb' },
  'rgb-16': { colorType: 'rgb', bitDepth: 16 },
  'rgb-8-transparent': { colorType: 'rgb', chunks: [transparent(0, 0, 0)] },
  'palette-1': { colorType: 'palette', bitDepth: 1, chunks: [palette(2)] },
  'palette-2': { colorType: 'palette', bitDepth: 2, chunks: [palette(4)] },
  'palette-4': { colorType: 'palette', bitDepth: 4, chunks: [palette(16)] },
  'palette-8': { colorType: 'palette', chunks: [palette(256)] },
  'palette-4-alphas': { colorType: 'palette', bitDepth: 4, chunks: [palette(16), paletteAlphas(9)] },
  'palette-8-alphas': { colorType: 'palette', chunks: [palette(256), paletteAlphas(200)] },
  'gray-alpha-8': { colorType: 'gray-alpha' },
  'gray-alpha-16': { colorType: 'gray-alpha', bitDepth: 16 },
  'rgb-alpha-8': { colorType: 'rgb-alpha' },
  'rgb-alpha-16': { colorType: 'rgb-alpha', bitDepth: 16 },
};

/** Files of encoders that the tests do not have, from reward-images.py. */
const stored = [
  'alpha-lossless.webp',
  'alpha-lossy.webp',
  'alpha.png',
  'animated.png',
  'animated.webp',
  'cmyk-black.jpg',
  'cmyk.jpg',
  'gray-alpha.png',
  'gray.jpg',
  'gray.png',
  'jpeg-420-odd.jpg',
  'jpeg-420.jpg',
  'jpeg-422.jpg',
  'jpeg-444.jpg',
  'jpeg-one-pixel.jpg',
  'jpeg-progressive.jpg',
  'lossless.webp',
  'lossy.webp',
  'one-bit.png',
  'orientation.jpg',
  'palette-transparent.png',
  'palette.png',
  'profile.jpg',
];
const examples = ['badge', 'grouped-bars', 'heatmap', 'long-report', 'penicillin', 'pgfplot', 'tiny-icon'];

export const parityCases: readonly ParityCase[] = [
  ...sizes.map((size) => ({ name: `rgb ${size.join(' x ')}`, bytes: () => png('rgb-8', size) })),
  ...stretches.map(([from, to]) => ({
    name: `rgb ${from.join(' x ')} stretched to ${to.join(' x ')}`,
    bytes: () => png('rgb-8', from),
    stretch: to,
  })),
  ...Object.keys(kinds).flatMap((kind) => [
    { name: `${kind} 97 x 61`, bytes: () => png(kind, [97, 61]) },
    { name: `${kind} 37 x 41 interlaced`, bytes: () => png(kind, [37, 41], true) },
    { name: `${kind} 448 x 448, its grid's size`, bytes: () => png(kind, [448, 448]) },
    { name: `${kind} 61 x 67 stretched to 50 x 50`, bytes: () => png(kind, [61, 67]), stretch: square },
  ]),
  ...['gray-8', 'gray-alpha-8', 'rgb-alpha-8', 'palette-8'].map((kind) => ({
    name: `${kind} 5 x 1201`,
    bytes: () => png(kind, [5, 1201]),
  })),
  { name: 'rgb-alpha-8 2500 x 1750', bytes: () => png('rgb-alpha-8', [2500, 1750]) },
  { name: 'palette-8 2500 x 1750', bytes: () => png('palette-8', [2500, 1750]) },
  { name: 'opaque rgb-alpha-8 300 x 200', bytes: () => opaque(300, 200) },
  ...stored.map((file) => ({ name: file, bytes: () => read(`reward-images/${file}`) })),
  ...stored.map((file) => ({
    name: `${file} stretched to 50 x 50`,
    bytes: () => read(`reward-images/${file}`),
    stretch: square,
  })),
  ...examples.map((name) => ({ name: `examples/${name}.png`, bytes: () => read(`../../examples/${name}.png`) })),
  ...large('jpeg 4:2:0', (image) => image.jpeg({ quality: 80 })),
  ...large('jpeg 4:4:4', (image) => image.jpeg({ quality: 90, chromaSubsampling: '4:4:4' })),
  ...large('gray jpeg', (image) => image.grayscale().jpeg()),
  ...large('progressive jpeg', (image) => image.jpeg({ progressive: true })),
  ...large('lossy webp', (image) => image.webp({ quality: 70, effort: 0 })),
  ...large('lossless webp', (image) => image.webp({ lossless: true, effort: 0 })),
];

function large(name: string, encode: (image: Sharp) => Sharp): ParityCase[] {
  return [[1000, 600] as const, [31, 400] as const].map((size) => ({
    name: `${name} ${size.join(' x ')}`,
    bytes: () => encode(sharp(png('rgb-8', size))).toBuffer(),
    unstored: true,
  }));
}

function png(kind: string, [width, height]: Pair, interlaced = false): Buffer {
  const options = { ...kinds[kind]!, width, height, interlaced };
  const { bitDepth = 8 } = options;
  return encodePng(
    options,
    bitDepth === 16 ? deepPattern : (x, y, channel) => pattern(x, y, channel) >> (8 - bitDepth),
  );
}

/** Ramps that wrap, and a checkerboard of steps, with much overshoot and rounding. */
const pattern: Sample = (x, y, channel) => {
  const checker = ((Math.floor(x / 7) + Math.floor(y / 5)) % 2) * 90;
  return (x * (3 + channel) + y * (5 + 2 * channel) + ((x * y) >> 3) + checker) & 255;
};

/** Lower bytes that would round the upper ones up. */
const deepPattern: Sample = (x, y, channel) => (pattern(x, y, channel) << 8) | pattern(y, x, channel + 1);

function opaque(width: number, height: number): Buffer {
  const sample: Sample = (x, y, channel) => (channel === 3 ? 255 : pattern(x, y, channel));
  return encodePng({ width, height, colorType: 'rgb-alpha' }, sample);
}

/** The color that means transparent. */
function transparent(...color: number[]): Buffer {
  return pngChunk('tRNS', Buffer.from(color.flatMap((value) => [0, value])));
}

function palette(colors: number): Buffer {
  return pngChunk('PLTE', Buffer.from(Array.from({ length: colors * 3 }, (_, index) => (index * 83 + 40) & 255)));
}

/** Alphas of the first colors; the others are opaque. */
function paletteAlphas(colors: number): Buffer {
  return pngChunk('tRNS', Buffer.from(Array.from({ length: colors }, (_, index) => (index * 37) & 255)));
}

function read(path: string): Buffer {
  return readFileSync(new URL(path, import.meta.url));
}

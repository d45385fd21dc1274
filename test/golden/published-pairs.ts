import sharp from 'sharp';
import { parityCases } from './reward-cases.ts';

/** A target and a render as files. */
export interface PublishedPair {
  name: string;
  target: () => Promise<Buffer>;
  render: () => Promise<Buffer>;
}

const bytesOf = (name: string) => async () => {
  const found = parityCases.find((parityCase) => parityCase.name === name);
  if (!found) throw new Error(`There is no image "${name}".`);
  return found.bytes();
};

/** Color modes of targets: gray, palettes, alpha, one color that means transparent, of all depths. */
const kinds = [
  ...['gray-1', 'gray-4', 'gray-8', 'gray-16', 'gray-alpha-8', 'gray-alpha-16'],
  ...['rgb-8', 'rgb-16', 'rgb-alpha-8', 'rgb-alpha-16'],
  ...['palette-1', 'palette-4', 'palette-8', 'palette-4-alphas', 'palette-8-alphas'],
];
const files = [
  ...['alpha-lossless.webp', 'alpha-lossy.webp', 'alpha.png', 'cmyk.jpg', 'gray-alpha.png', 'gray.jpg', 'gray.png'],
  ...[
    'jpeg-420.jpg',
    'lossless.webp',
    'lossy.webp',
    'one-bit.png',
    'orientation.jpg',
    'palette-transparent.png',
    'palette.png',
  ],
];
const sized = kinds.map((kind) => `${kind} 97 x 61`);
const other = bytesOf('rgb 336 x 336');

/** Against its own bytes, as where code reproduces a target. */
const ownBytes = [...sized, ...files, 'examples/tiny-icon.png', 'examples/badge.png'].map((name) => ({
  name: `${name}, its own bytes`,
  target: bytesOf(name),
  render: bytesOf(name),
}));
const others = [...sized, ...files, 'examples/tiny-icon.png'].map((name) => ({
  name: `${name}, another image`,
  target: bytesOf(name),
  render: other,
}));
const renders = sized.map((name) => ({ name: `${name} as a render`, target: other, render: bytesOf(name) }));

/** More than 100 times as high as wide, or as wide as high: Pillow resizes the former down first. */
const extreme = [
  'rgb 1 x 16000',
  'rgb 16000 x 1',
  'gray-8 5 x 1201',
  'gray-alpha-8 5 x 1201',
  'rgb-alpha-8 5 x 1201',
  'palette-8 5 x 1201',
].flatMap((name) => [
  { name: `${name}, another image`, target: bytesOf(name), render: other },
  { name: `${name} as a render`, target: other, render: bytesOf(name) },
]);

const white = { width: 640, height: 480, channels: 3, background: '#fff' } as const;
const dot = {
  input: { create: { width: 1, height: 1, channels: 3, background: '#fefefe' } },
  left: 9,
  top: 9,
} as const;
const blank = () => sharp({ create: white }).png().toBuffer();
const dotted = () => sharp({ create: white }).composite([dot]).removeAlpha().png().toBuffer();
const empty = ['examples/badge.png', 'examples/grouped-bars.png', 'examples/tiny-icon.png'].flatMap((name) => [
  { name: `${name}, a blank render`, target: bytesOf(name), render: blank },
  { name: `${name}, a blank render with a dot that nobody sees`, target: bytesOf(name), render: dotted },
]);

export const publishedPairs: readonly PublishedPair[] = [...ownBytes, ...others, ...renders, ...extreme, ...empty];

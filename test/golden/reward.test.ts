import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type AlphaMode, decodeImage, gridFor, type Raster, resizeBicubic, tilesOf } from '@pentimento/imaging';
import { hasPillow, pillowCuts, type Cuts } from './pillow.ts';
import { parityCases, type ParityCase } from './reward-cases.ts';

/**
 * The reward's preprocessing against Pillow, byte for byte. The trap: any other resampler (libvips differs by up to 78 of
 * 255) or one missed rounding step shifts every score, and nothing else would show it. reward-golden.ts stored what Pillow
 * made of the cases; where Pillow is at hand, it judges all of them anew.
 */
const golden = JSON.parse(readFileSync(new URL('reward.json', import.meta.url), 'utf8')) as Record<string, Cuts>;
const storedCases = parityCases.filter(({ unstored }) => !unstored);

it('has stored values of every case that is the same everywhere, and of no other', () => {
  expect(Object.keys(golden)).toEqual(storedCases.map(({ name }) => name));
  expect(storedCases.length).toBeGreaterThan(150);
});

describe('tiles are those that Pillow made', () => {
  it.each(storedCases)('of $name', async (parityCase) => {
    expect(await cuts(parityCase)).toEqual(golden[parityCase.name]);
  });
});

describe.skipIf(!hasPillow())('the Pillow at hand', () => {
  let judged: Record<string, Cuts>;
  beforeAll(async () => {
    judged = await pillowCuts(parityCases);
  }, 300_000);

  it('makes what is stored', () => {
    expect(judged).toMatchObject(golden);
  });

  it.each(parityCases.filter(({ unstored }) => unstored))('makes the same of $name', async (parityCase) => {
    expect(await cuts(parityCase)).toEqual(judged[parityCase.name]);
  });
});

async function cuts(parityCase: ParityCase): Promise<Cuts> {
  const bytes = await parityCase.bytes();
  return {
    'flatten-white': cut(await open(bytes, 'flatten-white', parityCase.stretch)),
    reference: cut(await open(bytes, 'reference', parityCase.stretch)),
  };
}

async function open(bytes: Uint8Array, alpha: AlphaMode, stretch: ParityCase['stretch']): Promise<Raster> {
  if (!stretch) return decodeImage(bytes, 'target', alpha);
  const render = await decodeImage(bytes, 'render', alpha);
  return resizeBicubic(render, { width: stretch[0], height: stretch[1] });
}

function cut(image: Raster): string {
  const { columns, rows } = gridFor(image.width, image.height);
  const hash = createHash('sha256');
  for (const tile of tilesOf(image)) hash.update(tile.pixels);
  return `${columns} x ${rows} ${hash.digest('hex')}`;
}

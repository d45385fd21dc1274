import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AlphaMode } from '@pentimento/contracts';
import { decodeImage, gridFor, type DecodedImage, resizeBicubic, tilesOf } from '@pentimento/imaging';
import { hasPillow, pillowCuts, type Cuts } from './pillow.ts';
import { parityCases, type ParityCase } from './reward-cases.ts';

/**
 * The reward's preprocessing against Pillow, byte for byte. Another resampler (libvips differs by up to 78 of 255) or one
 * missing rounding step shifts every score, and no other test would notice. reward-golden.ts stored Pillow's results; where
 * Pillow is installed, it computes them again.
 */
const golden = JSON.parse(readFileSync(new URL('reward.json', import.meta.url), 'utf8')) as Record<string, Cuts>;
const storedCases = parityCases.filter(({ unstored }) => !unstored);

it('has stored values of exactly the cases that are the same on every machine', () => {
  expect(Object.keys(golden)).toEqual(storedCases.map(({ name }) => name));
  expect(storedCases.length).toBeGreaterThan(150);
});

describe('the tiles', () => {
  it.each(storedCases)('of $name equal those stored from Pillow', async (parityCase) => {
    expect(await cuts(parityCase)).toEqual(golden[parityCase.name]);
  });
});

describe.skipIf(!hasPillow())('the installed Pillow', () => {
  let computed: Record<string, Cuts>;
  beforeAll(async () => {
    computed = await pillowCuts(parityCases);
  }, 300_000);

  it('gives the stored values', () => {
    expect(computed).toMatchObject(golden);
  });

  it.each(parityCases.filter(({ unstored }) => unstored))('gives the same tiles of $name', async (parityCase) => {
    expect(await cuts(parityCase)).toEqual(computed[parityCase.name]);
  });
});

async function cuts(parityCase: ParityCase): Promise<Cuts> {
  const bytes = await parityCase.bytes();
  return {
    'flatten-white': cut(await open(bytes, 'flatten-white', parityCase.stretch)),
    reference: cut(await open(bytes, 'reference', parityCase.stretch)),
  };
}

async function open(bytes: Uint8Array, alpha: AlphaMode, stretch: ParityCase['stretch']): Promise<DecodedImage> {
  if (!stretch) return decodeImage(bytes, 'target', alpha);
  const render = await decodeImage(bytes, 'render', alpha);
  return resizeBicubic(render, { width: stretch[0], height: stretch[1] });
}

function cut(image: DecodedImage): string {
  const { columns, rows } = gridFor(image.width, image.height);
  const hash = createHash('sha256');
  for (const tile of tilesOf(image)) hash.update(tile.pixels);
  return `${columns} x ${rows} ${hash.digest('hex')}`;
}

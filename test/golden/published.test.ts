import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createReward, type Reward } from '@pentimento/reward';
import type { AlphaMode } from '@pentimento/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyShape, writeDinov2Folder } from '../../libs/encoder/src/testing/dinov2-folder.ts';
import { publishedPairs, type PublishedPair } from './published-pairs.ts';

/**
 * The published reward's visual scores, from published-golden.ts: torch, transformers and Pillow 12.3 with the network that is written here
 * again. What differs from them is listed below, and nothing else may.
 */
const golden = JSON.parse(readFileSync(new URL('published.json', import.meta.url), 'utf8')) as Record<string, number>;
const noAbort = new AbortController().signal;
/** Two libraries add up the same numbers of 32 bits in different orders. */
const tolerance = 2e-6;

/** Kinds of files that `alpha: reference` scores otherwise, each with the reason. */
const differences = {
  'gray-16': 'Pillow clips 16 bits of gray at 255, which makes nearly all of it white: the upper 8 bits are kept.',
} as const;

/** Kinds that `flatten-white`, the default, scores otherwise: what has alpha, a palette, or one bit. */
const flattened = /^(?:rgb-alpha|gray-alpha|palette|gray-1 |one-bit|alpha|examples\/tiny-icon)/;

let folder: string;
let reward: Reward;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pentimento-published-'));
  const encoder = await writeDinov2Folder(join(folder, 'dinov2'), tinyShape);
  reward = createReward({ encoder, windows: 'never' });
});
afterAll(async () => {
  await reward?.close();
  await rm(folder, { recursive: true });
});

async function distance({ name, target, render }: PublishedPair, alpha: AlphaMode): Promise<number> {
  const input = { target: await target(), render: await render(), alignment: 1, alpha } as const;
  const { terms } = await reward.score(input, noAbort);
  return Math.abs(terms.visual - golden[name]!);
}

const isDifferent = ({ name }: PublishedPair): boolean =>
  Object.keys(differences).some((kind) => name.startsWith(`${kind} `));

it('has stored scores of exactly the pairs', () => {
  expect(Object.keys(golden)).toEqual(publishedPairs.map(({ name }) => name));
});

describe('alpha: reference gives the published score', () => {
  it.each(publishedPairs.filter((pair) => !isDifferent(pair)))('of $name', async (pair) => {
    expect(await distance(pair, 'reference')).toBeLessThan(tolerance);
  });
});

describe('a deliberate difference', () => {
  it.each(publishedPairs.filter(isDifferent))('is there: $name', async (pair) => {
    expect(await distance(pair, 'reference')).toBeGreaterThan(tolerance);
  });

  it('of flatten-white is all that has alpha, a palette or one bit, and nothing else', async () => {
    const others: string[] = [];
    for (const pair of publishedPairs) {
      if (!isDifferent(pair) && (await distance(pair, 'flatten-white')) >= tolerance) others.push(pair.name);
    }
    expect(others.filter((name) => !flattened.test(name))).toEqual([]);
    expect(others.length).toBeGreaterThan(20);
  });
});

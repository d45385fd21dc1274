import { afterAll, expect, it } from 'vitest';
import { rewardRecordSchema } from '@pentimento/contracts';
import { blank, erase, example } from '@pentimento/imaging/testing';
import { createReward } from './reward.ts';
import { termInfos } from './terms/term-infos.ts';
import { registry } from './testing/toy-registry.ts';

const noAbort = new AbortController().signal;
const rewards = [createReward({ terms: registry }), createReward()] as const;
afterAll(() => Promise.all(rewards.map((reward) => reward.close())));

it('computes a term that is only registered, and leaves the standard terms as they are', async () => {
  const target = example('badge');
  const input = { target, render: await erase(target, 0.5), alignment: 1 } as const;
  const [extended, standard] = await Promise.all(rewards.map((reward) => reward.score(input, noAbort)));
  const { inkShare, moleculeSimilarity, ...others } = extended!.terms;
  expect(inkShare).toBeGreaterThan(0.5);
  expect(inkShare).toBeLessThan(1);
  expect(moleculeSimilarity).toBeNull();
  expect(others).toEqual(standard!.terms);
  expect(rewardRecordSchema.parse(extended)).toEqual(extended);
});

it('reads pixels through the same stretch as all terms', async () => {
  const target = await blank({ width: 64, height: 64 }, 'black');
  const render = await blank({ width: 100, height: 40 }, 'white');
  expect((await rewards[0].score({ target, render, alignment: 1 }, noAbort)).terms.inkShare).toBe(0);
});

it('reads the molecule of the render where that of the target is known', async () => {
  const target = example('caffeine');
  const render = await erase(target, 0.2);
  const molecule = { canonical: 'CCO', similarity: 0.25 };
  expect((await rewards[0].score({ target, render, alignment: 1, molecule }, noAbort)).terms.moleculeSimilarity).toBe(
    0.25,
  );
});

it('describes every term in the order of the registry, the published ones first', () => {
  const infos = termInfos(registry);
  expect(infos.map(({ id }) => id).slice(0, 5)).toEqual(['overall', 'visual', 'alignment', 'execution', 'worstTile']);
  expect(infos.find(({ id }) => id === 'inkShare')).toEqual({
    id: 'inkShare',
    label: 'ink share',
    description: 'how much is dark',
    threshold: true,
    published: false,
  });
  expect(
    termInfos()
      .filter(({ threshold }) => threshold)
      .map(({ id }) => id),
  ).toEqual(['overall', 'visual', 'worstTile', 'lowQuantile', 'size', 'aspect', 'color', 'shiftTolerant', 'strict']);
});

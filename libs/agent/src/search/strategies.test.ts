import { describe, expect, it } from 'vitest';
import { fence } from '@pentimento/contracts';
import { refine } from '../loop/refine.ts';
import { alternating } from '../testing/alternating.ts';
import { refineInput, scriptedJob, scriptedPorts } from '../testing/scripted-ports.ts';
import { describeStrategy } from '../testing/strategy-contract.ts';
import { searchStrategies } from './index.ts';
import type { SearchStrategy } from './strategy.ts';

for (const strategy of [...searchStrategies, alternating]) describeStrategy(strategy);

it('registers one strategy for each id', () => {
  const ids = searchStrategies.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

describe('the loop with a strategy that plans several groups', () => {
  /** Every reply is new and scores a little more than the one before. */
  const rising = () =>
    scriptedPorts(({ call }) => fence(`draw ${(0.3 + call * 0.01).toFixed(2)} worst ${call}`, 'svg'));

  async function play(strategy: SearchStrategy, policy: object, budget: object = {}) {
    const scripted = rising();
    const job = await scriptedJob(scripted, { policy: { strategy: strategy.id, patience: 20, ...policy }, budget });
    const exit = await refine(refineInput(scripted, job, { strategies: [strategy] }));
    return { ...scripted, exit };
  }

  it('stores the groups of a round as iterations with the same round and their own parents', async () => {
    const { iterations } = await play(alternating, { maxIterations: 6, candidates: 2 });
    expect(iterations.map(({ index, round }) => [index, round])).toEqual([
      [0, 0],
      [1, 1],
      [2, 1],
      [3, 2],
      [4, 2],
      [5, 3],
    ]);
    expect(iterations[1]!.parents).toEqual([iterations[0]!.candidates[1]!.id]);
    for (const { candidates, parents } of iterations)
      for (const candidate of candidates) expect(candidate.parents).toEqual(parents);
  });

  it('shows the second parent of a recombination as an alternative, before the code of the first', async () => {
    const { iterations, prompts, tasks } = await play(alternating, { maxIterations: 6 });
    const recombined = iterations.findIndex(({ parents }) => parents.length === 2);
    const [first, second] = iterations[recombined]!.parents.map((id) =>
      iterations.flatMap(({ candidates }) => candidates).find((candidate) => candidate.id === id)!,
    );
    const parts = prompts[recombined]!.messages[0]!.content;
    const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
    const scoreOf = (candidate: typeof first) => candidate!.reward.terms.overall.toFixed(3);
    expect(text).toContain(`Another candidate scores ${scoreOf(second)}`);
    expect(text).toContain(`The current code scores ${scoreOf(first)}`);
    expect(text.indexOf('Another candidate')).toBeLessThan(text.indexOf('The current code:'));
    expect(tasks[recombined]!.images.map(({ role }) => role)).toContain('alternative');
  });

  it('keeps the groups of a round that the budget allowed', async () => {
    const { iterations, exit, calls } = await play(alternating, { candidates: 2 }, { maxTokens: 400 });
    expect(exit).toMatchObject({ stopReason: 'budget', outcome: 'best_effort' });
    expect(calls).toHaveLength(4);
    expect(iterations.map(({ candidates }) => candidates.length)).toEqual([2, 2]);
  });

  it('stores nothing of a round of which one group got no reply, and reuses the other group when it is retried', async () => {
    const scripted = rising();
    const { generate } = scripted.ports.model;
    let failing = true;
    scripted.ports.model.generate = (request, options) => {
      const fails = failing && scripted.calls.length === 2;
      const failure = { kind: 'overloaded', message: 'The server is overloaded.', attempts: 4 } as const;
      return fails ? Promise.resolve({ ok: false, failure }) : generate(request, options);
    };
    const policy = { strategy: alternating.id, maxIterations: 3 };
    const job = await scriptedJob(scripted, { policy, budget: { maxTokens: 10_000 } });
    const input = refineInput(scripted, job, { strategies: [alternating] });
    expect(await refine(input)).toMatchObject({ stopReason: 'error', error: { code: 'model_overloaded' } });
    expect([scripted.iterations.length, scripted.candidates.length]).toEqual([1, 2]);

    failing = false;
    expect(await refine({ ...input, from: [...scripted.iterations] })).toMatchObject({ stopReason: 'max_iterations' });
    expect(scripted.calls).toHaveLength(3);
    expect(scripted.iterations.map(({ round }) => round)).toEqual([0, 1, 1]);
  });

  it('ends when the strategy has nothing left to try', async () => {
    const once: SearchStrategy = {
      ...alternating,
      id: 'once',
      plan: (tree, context) => (tree.best ? [] : alternating.plan(tree, context)),
    };
    const { exit, iterations } = await play(once, {});
    expect(exit).toMatchObject({ stopReason: 'plateau', detail: 'The search has nothing left to try.' });
    expect(iterations).toHaveLength(1);
  });
});

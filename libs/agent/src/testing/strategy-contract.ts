import { policySchema, type Iteration } from '@pentimento/contracts';
import { describe, expect, it } from 'vitest';
import { refine } from '../loop/refine.ts';
import { seededRandom } from '../search/random.ts';
import type { SearchContext, SearchStrategy } from '../search/strategy.ts';
import { treeOf, type SearchTree } from '../search/tree.ts';
import { refineInput, scriptedJob, scriptedPorts, type Scripted } from './scripted-ports.ts';
import { varied } from './varied-replies.ts';

interface Settings {
  candidates: number;
  seed?: number;
  maxIterations?: number;
  budget?: object;
}

/** The suite that every search strategy passes. It runs the whole loop with a scripted model whose replies differ by prompt and seed. */
export function describeStrategy(strategy: SearchStrategy): void {
  describe(`the search strategy ${strategy.id}`, () => {
    const variants: Settings[] = [{ candidates: 1 }, { candidates: 3 }, { candidates: 2, seed: 17 }];

    it.each(variants)('plans the same steps from the same tree, with %o', async (settings) => {
      const { iterations } = await run(strategy, settings);
      for (const tree of prefixesOf(iterations)) {
        const [once, again] = [tree, structuredClone(tree)].map((copy) =>
          strategy.plan(copy, contextOf(copy, settings)),
        );
        expect(again).toEqual(once);
        if (strategy.singleGroup) expect(once!.length).toBeLessThanOrEqual(1);
        for (const step of once!) {
          expect(step.candidates).toBeGreaterThanOrEqual(1);
          expect(step.candidates).toBeLessThanOrEqual(settings.candidates);
          const known = tree.iterations.flatMap(({ candidates }) => candidates.map(({ id }) => id));
          expect(known).toEqual(expect.arrayContaining(step.parents.map(({ id }) => id)));
        }
      }
    });

    it.each(variants)('takes the same steps when it is resumed after any write, with %o', async (settings) => {
      const short = { ...settings, maxIterations: 4 };
      const whole = await run(strategy, short);
      for (let writes = 0; writes < whole.state.writes; writes++) {
        const resumed = await runKilled(strategy, short, writes);
        expect(shapeOf(resumed.iterations)).toEqual(shapeOf(whole.iterations));
        expect(resumed.calls.length).toBe(whole.calls.length);
      }
    });

    it.each(variants)(
      'never loses its best, and keeps the highest-scoring accepted candidate, with %o',
      async (settings) => {
        const { iterations } = await run(strategy, settings);
        const bests = iterations.flatMap(({ best }) => best?.overall ?? []);
        expect(bests.length).toBeGreaterThan(0);
        expect(bests).toEqual(bests.toSorted((a, b) => a - b));
        const accepted = iterations.flatMap(({ candidates, accepted: ids }) =>
          candidates.filter(({ id }) => ids.includes(id)),
        );
        expect(bests.at(-1)).toBe(Math.max(...accepted.map(({ reward }) => reward.terms.overall)));
      },
    );

    it.each(variants)(
      'gives one verdict to each candidate, and ends at the iteration limit at the latest, with %o',
      async (settings) => {
        const { iterations, exit } = await run(strategy, { ...settings, maxIterations: 5 });
        expect(exit).toMatchObject({ kind: 'ended' });
        expect(iterations.length).toBeLessThanOrEqual(5);
        for (const { candidates, verdicts, accepted } of iterations) {
          expect(verdicts).toHaveLength(candidates.length);
          const kept = candidates.filter((_, index) => verdicts[index] === 'accepted').map(({ id }) => id);
          expect(accepted).toEqual(kept);
        }
      },
    );

    it.each([1, 3])('makes no call once the token budget is spent, with %i candidates', async (candidates) => {
      const { calls, exit } = await run(strategy, { candidates, budget: { maxTokens: 450 } });
      expect(exit).toMatchObject({ stopReason: 'budget', outcome: 'best_effort' });
      expect(calls).toHaveLength(5);
    });
  });
}

async function run(strategy: SearchStrategy, settings: Settings, scripted: Scripted = scriptedPorts(varied)) {
  const job = await jobOf(strategy, settings, scripted);
  const exit = await refine(refineInput(scripted, job, { strategies: [strategy], from: [...scripted.iterations] }));
  return { ...scripted, exit };
}

/** Kills the worker after so many writes, and lets another one continue with what is stored. */
async function runKilled(strategy: SearchStrategy, settings: Settings, writes: number) {
  const scripted = scriptedPorts(varied);
  scripted.state.writesLeft = writes;
  await expect(run(strategy, settings, scripted)).rejects.toThrow('The worker is gone.');
  scripted.state.writesLeft = Infinity;
  return run(strategy, settings, scripted);
}

function jobOf(strategy: SearchStrategy, settings: Settings, scripted: Scripted) {
  const { candidates, seed = 5, maxIterations = 7, budget } = settings;
  const policy = { strategy: strategy.id, candidates, seed, maxIterations, threshold: 1, patience: 20 };
  return scriptedJob(scripted, { policy, budget });
}

function contextOf(tree: SearchTree, { candidates, seed = 5 }: Settings): SearchContext {
  const policy = policySchema.parse({ candidates, seed });
  return { policy, hasInitialCode: false, locked: [], random: seededRandom(seed, tree.rounds.length * 2) };
}

/** The trees that the rounds were planned from, the last one too. */
function prefixesOf(iterations: readonly Iteration[]): SearchTree[] {
  const starts = iterations.flatMap(({ round }, index) => (iterations[index - 1]?.round === round ? [] : [index]));
  return [...starts, iterations.length].map((end) => treeOf(iterations.slice(0, end)));
}

/** What the search did, without the ids and times that differ between two runs. */
function shapeOf(iterations: readonly Iteration[]) {
  const positions = new Map(
    iterations.flatMap(({ candidates }) => candidates.map(({ id, iteration, index }) => [id, `${iteration}/${index}`])),
  );
  return iterations.map(({ index, round, kind, parents, patches, candidates, verdicts, best }) => ({
    ...{ index, round, kind, patches, verdicts },
    parents: parents.map((id) => positions.get(id)),
    codes: candidates.map(({ code, parseStatus }) => [code, parseStatus]),
    best: best && positions.get(best.candidate),
  }));
}

import { improvementStep, openingStep, repairStep } from './steps.ts';
import type { SearchStrategy } from './strategy.ts';
import { bestIfItGains, guardedIn } from './verdicts.ts';

/**
 * Hill climbing: each round is one group from the best candidate so far, and at most one candidate of it is accepted, the
 * highest-scoring one, if it gains at least `minGain`.
 */
export const greedy: SearchStrategy = {
  id: 'greedy',
  singleGroup: true,
  plan({ best, iterations }, context) {
    const last = iterations.at(-1);
    if (!last) return [openingStep(context)];
    return [best ? improvementStep(best, context) : repairStep(last.candidates, context)];
  },
  select(tree, round, context) {
    const { best } = tree;
    const options = {
      known: best ? [best] : [],
      from: best,
      guarded: guardedIn(round, tree, context),
      minGain: context.policy.minGain,
    };
    return round.map(({ candidates }) => bestIfItGains(candidates, options));
  },
};

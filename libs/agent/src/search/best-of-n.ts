import { bestIfItGains } from './greedy.ts';
import { openingStep } from './steps.ts';
import type { SearchStrategy } from './strategy.ts';

/** Sampling without feedback: each round is drafts from the target alone, and the best of all is kept. What refinement is compared with. */
export const bestOfN: SearchStrategy = {
  id: 'best-of-n',
  singleGroup: true,
  plan({ iterations }, context) {
    return [openingStep({ ...context, hasInitialCode: context.hasInitialCode && iterations.length === 0 })];
  },
  select({ best }, round, { policy }) {
    return round.map(({ candidates }) => bestIfItGains(candidates, best, policy.minGain));
  },
};

import { greedy } from './greedy.ts';
import { openingStep } from './steps.ts';
import type { SearchStrategy } from './strategy.ts';

/** Sampling without feedback: each round is drafts from the target alone, and the best of all is kept. What refinement is compared with. */
export const bestOfN: SearchStrategy = {
  ...greedy,
  id: 'best-of-n',
  plan({ iterations }, context) {
    return [openingStep({ ...context, hasInitialCode: context.hasInitialCode && iterations.length === 0 })];
  },
};

import type { CombinedTerm } from './reward-term.ts';

/**
 * The lower of the color and the shift tolerant score: colors and structure must both be right. A copy that is blurred, faded or noisy
 * keeps what the encoder looks at and loses one of the two, so that it scores less than a drawing that lacks a part. `bench/tricks.ts`
 * measures it.
 */
export const strict: CombinedTerm = {
  id: 'strict',
  label: 'strict',
  description: 'the lower of color and shift tolerant',
  needs: 'terms',
  terms: ['color', 'shiftTolerant'],
  threshold: true,
  nothingRendered: 0,
  identical: 1,
  compute: (values) => Math.min(...values),
};

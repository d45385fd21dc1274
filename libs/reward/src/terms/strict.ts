import type { CombinedTerm } from './reward-term.ts';

/**
 * The color score times the shift tolerant one: colors and structure must both be right. A copy that is blurred, faded or noisy keeps the
 * encoder's features and loses one of the two, so that it scores less than a drawing that lacks a part. `bench/tricks.ts` measures it.
 */
export const strict: CombinedTerm = {
  id: 'strict',
  label: 'strict',
  description: 'color times shift tolerant, which a degraded copy does not reach',
  needs: 'terms',
  terms: ['color', 'shiftTolerant'],
  threshold: true,
  nothingRendered: 0,
  identical: 1,
  compute: (values) => values.reduce((product, value) => product * value, 1),
};

import type { Candidate } from '@pentimento/contracts';
import { improvementStep, openingStep, overallOf, renderOf, repairStep } from '../search/steps.ts';
import type { SearchStep, SearchStrategy } from '../search/strategy.ts';
import { acceptedIn } from '../search/tree.ts';

/**
 * For tests only. A strategy that is as unlike `greedy` as the seam allows: it accepts every candidate that renders, starts from the two
 * newest of them in two groups a round, recombines both in every third round, and picks among older ones at random in between.
 */
export const alternating: SearchStrategy = {
  id: 'alternating',
  singleGroup: false,
  plan(tree, context) {
    const last = tree.rounds.at(-1)?.at(-1);
    if (!last) return [openingStep(context)];
    const [newest, second = newest] = acceptedIn(tree).toReversed();
    if (!newest || !second) return [repairStep(last.candidates, context)];
    if (tree.rounds.length % 3 === 0 && second !== newest) return [recombination(newest, second)];
    const older = acceptedIn(tree);
    const chosen = older[Math.floor(context.random() * older.length)]!;
    return [improvementStep(newest, context), improvementStep(chosen, context)];
  },
  select(_tree, round) {
    return round.map(({ candidates }) =>
      candidates.map((candidate) =>
        candidate.code === null ? 'no_code' : renderOf(candidate) === null ? 'no_render' : 'accepted',
      ),
    );
  },
};

function recombination(left: Candidate, right: Candidate): SearchStep {
  const parents = overallOf(left) >= overallOf(right) ? ([left, right] as const) : ([right, left] as const);
  return { kind: 'rewrite', parents, candidates: 1 };
}

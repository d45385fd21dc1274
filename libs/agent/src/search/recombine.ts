import type { Candidate } from '@pentimento/contracts';
import { betterRegions } from '@pentimento/patches';
import { greedy } from './greedy.ts';
import { byScore, renderOf } from './steps.ts';
import type { SearchStep, SearchStrategy } from './strategy.ts';
import { triedFrom, type SearchTree } from './tree.ts';

/**
 * Hill climbing that also takes the best parts of what was not accepted: where a candidate that was left is better than the best one
 * somewhere in the image, the next prompt shows both and asks for one that has the best of each. Each pair is tried once.
 */
export const recombine: SearchStrategy = {
  ...greedy,
  id: 'recombine',
  plan(tree, context) {
    return greedy.plan(tree, context).map((step): SearchStep => {
      if (step.kind !== 'refine') return step;
      const [best] = step.parents;
      const other = partnerOf(best, tree);
      return other ? { ...step, parents: [best, other] } : step;
    });
  },
};

/** The highest-scoring candidate that is better than the best one somewhere and was not shown beside it yet. */
function partnerOf(best: Candidate, tree: SearchTree): Candidate | undefined {
  const shown = new Set(triedFrom(tree, best).flatMap(({ parents }) => parents.slice(1)));
  const others = tree.iterations
    .flatMap(({ candidates, verdicts }) =>
      candidates.filter((_, index) => !['blank', 'embedded_bitmap'].includes(verdicts[index]!)),
    )
    .filter((candidate) => !shown.has(candidate.id) && ![null, renderOf(best)].includes(renderOf(candidate)));
  return byScore(others).find((other) => isBetterSomewhere(other, best));
}

function isBetterSomewhere({ reward: { map } }: Candidate, best: Candidate): boolean {
  const size = { width: map?.columns ?? 1, height: map?.rows ?? 1 };
  return betterRegions(map, best.reward.map, size).length > 0;
}

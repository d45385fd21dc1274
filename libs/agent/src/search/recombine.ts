import type { Candidate } from '@pentimento/contracts';
import { betterRegions } from '../patches/changes.ts';
import { greedy } from './greedy.ts';
import { improvementStep, renderOf } from './steps.ts';
import type { SearchStep, SearchStrategy } from './strategy.ts';
import type { SearchTree } from './tree.ts';
import { byScore } from './verdicts.ts';

/**
 * Hill climbing that also takes the best parts of what was not accepted: where a candidate that was left is better than the best one
 * somewhere in the image, the next prompt shows both and asks for one that has the best of each. Each pair is tried once.
 */
export const recombine: SearchStrategy = {
  ...greedy,
  id: 'recombine',
  plan(tree, context) {
    const [step] = greedy.plan(tree, context);
    const other = step?.kind === 'refine' && tree.best ? partnerOf(tree.best, tree) : undefined;
    return other ? [withPartner(improvementStep(tree.best!, context), other)] : step ? [step] : [];
  },
};

/** The highest-scoring candidate that is better than the best one somewhere and was not shown beside it yet. */
function partnerOf(best: Candidate, { iterations }: SearchTree): Candidate | undefined {
  const tried = new Set(
    iterations.filter(({ parents }) => parents[0] === best.id).flatMap(({ parents }) => parents.slice(1)),
  );
  const others = iterations
    .flatMap(({ candidates }) => candidates)
    .filter(
      (candidate) => renderOf(candidate) !== null && renderOf(candidate) !== renderOf(best) && !tried.has(candidate.id),
    );
  return byScore(others).find((other) => isBetterSomewhere(other, best));
}

function isBetterSomewhere({ reward: { map } }: Candidate, best: Candidate): boolean {
  const size = { width: map?.columns ?? 1, height: map?.rows ?? 1 };
  return betterRegions(map, best.reward.map, size).length > 0;
}

const withPartner = (step: SearchStep, other: Candidate): SearchStep =>
  step.kind === 'refine' ? { ...step, parents: [step.parents[0], other] } : step;

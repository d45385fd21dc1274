import type { Candidate } from '@pentimento/contracts';
import { improvementStep } from './steps.ts';
import type { SearchContext, SearchStep, SearchStrategy } from './strategy.ts';
import { acceptedIn, bestOf, treeOf, type SearchTree } from './tree.ts';

/** Where a person wants the search to go on. */
export interface Branch {
  candidate: Candidate;
  /** The first iteration for which it holds. */
  from: number;
}

/**
 * The tree as a search sees it that goes on from one candidate: this one, accepted, as if nothing else had come before, and then the
 * iterations from `from` on. So a strategy needs no code of its own for it.
 */
export function branchOf(tree: SearchTree, { candidate, from }: Branch): SearchTree {
  const origin = tree.iterations.find(({ index }) => index === candidate.iteration)!;
  const root = { ...origin, candidates: [candidate], verdicts: ['accepted' as const], accepted: [candidate.id] };
  let best = candidate;
  const iterations = [root, ...tree.iterations.slice(from)].map((iteration) => {
    best = bestOf(best, acceptedIn({ ...tree, iterations: [iteration] })) ?? best;
    return {
      ...iteration,
      best: { candidate: best.id, iteration: best.iteration, overall: best.reward.terms.overall },
    };
  });
  return treeOf(iterations);
}

/** The groups of the next round. While a branch holds, what would be drafted from the target alone goes on from its best. */
export function planFrom(
  strategy: SearchStrategy,
  tree: SearchTree,
  { branch, context }: { branch: Branch | null; context: SearchContext },
): readonly SearchStep[] {
  if (!branch) return strategy.plan(tree, context);
  const view = branchOf(tree, branch);
  return strategy
    .plan(view, context)
    .map((step) => (step.kind === 'draft' ? improvementStep(view.best ?? branch.candidate, context) : step));
}

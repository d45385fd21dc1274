import type { Candidate } from '@pentimento/contracts';
import type { SearchContext, SearchStep } from './strategy.ts';

/** The first step of a job: its own code where it came with some, else a draft. */
export function openingStep({ policy, hasInitialCode }: SearchContext): SearchStep {
  return hasInitialCode
    ? { kind: 'provided', parents: [], candidates: 1 }
    : { kind: 'draft', parents: [], candidates: policy.candidates };
}

/** Repairs the first candidate of a group that has code at all. Nothing of the group renders. */
export function repairStep(candidates: readonly Candidate[], { policy }: SearchContext): SearchStep {
  const failed = candidates.find((candidate) => candidate.code !== null) ?? candidates[0]!;
  return { kind: 'repair', parents: [failed], candidates: policy.candidates };
}

/** Improves a candidate that renders: edits, or a rewrite where its score is below the policy's floor. */
export function improvementStep(parent: Candidate, { policy }: SearchContext): SearchStep {
  const kind = overallOf(parent) < policy.rewriteBelow ? 'rewrite' : 'refine';
  return { kind, parents: [parent], candidates: policy.candidates };
}

export function overallOf({ reward }: Candidate): number {
  return reward.terms.overall;
}

/** Highest score first; of equal ones the earlier. */
export const byScore = (candidates: readonly Candidate[]): Candidate[] =>
  candidates.toSorted((a, b) => overallOf(b) - overallOf(a));

/** The blob of a candidate's render; null where it did not render. */
export function renderOf({ render }: Candidate): string | null {
  return render?.status === 'ok' ? render.image : null;
}

import type { BlobId, Box, Candidate, Policy, Size, Verdict } from '@pentimento/contracts';
import type { SearchTree } from './tree.ts';

/** One group of candidates to produce: what its prompt asks for, and what the prompt starts from. */
export type SearchStep =
  /** The code that came with the job, without a model call. */
  | { kind: 'provided'; parents: readonly []; candidates: 1 }
  /** Code that a person edited by hand, without a model call. The loop plans it, and no strategy does. */
  | { kind: 'edit'; parents: readonly [] | readonly [Candidate]; candidates: 1; code: BlobId }
  /** From the target alone. */
  | { kind: 'draft'; parents: readonly []; candidates: number }
  /**
   * From candidates of the tree. Edits apply to the code of the first one, and patches are selected from its score map; a prompt
   * shows the others as alternatives to take from.
   */
  | { kind: 'repair' | 'refine' | 'rewrite'; parents: readonly [Candidate, ...Candidate[]]; candidates: number };

/** The candidates that a step produced, in order; at least one. */
export interface CandidateGroup {
  step: SearchStep;
  candidates: readonly Candidate[];
}

export interface SearchContext {
  policy: Policy;
  /** The job has initial code. */
  hasInitialCode: boolean;
  /** In 0..1. The sequence depends on the policy's seed and the number of finished rounds only. */
  random: () => number;
  /** Size of the target, pixels. */
  size: Size;
  /** Regions of the target that must not get worse, in its pixels. */
  locked: readonly Box[];
  /** Whether the code of a candidate holds an image instead of drawing it. Known of the candidates of the round to select from. */
  embedsBitmap: (candidate: Candidate) => boolean;
}

/**
 * Decides where a refinement goes next. A strategy keeps no state: what it returns depends on its arguments alone, so that a job
 * that is killed and resumed takes the same steps. The loop enforces budgets and `maxIterations`, and derives the best.
 */
export interface SearchStrategy {
  /** As `policy.strategy` names it. */
  readonly id: string;
  /** Every round is one group, so that whoever steps through the loop can answer it with one reply. */
  readonly singleGroup: boolean;
  /** The groups of the next round, at most `policy.candidates` candidates each. Empty: there is nothing left to try. */
  plan(tree: SearchTree, context: SearchContext): readonly SearchStep[];
  /**
   * One verdict for each candidate of each group of a round, in order. Candidates with the verdict `accepted` are kept: the best is
   * one of them. `tree` is the one that the round was planned from. The round may hold fewer groups than planned where the
   * budget ran out.
   */
  select(tree: SearchTree, round: readonly CandidateGroup[], context: SearchContext): readonly (readonly Verdict[])[];
}

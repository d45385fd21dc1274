import type { Candidate, Iteration } from '@pentimento/contracts';
import { byScore, overallOf } from './steps.ts';

/**
 * A job's trajectory as a search sees it. Candidates name their parents, so it is a tree, or a graph where a candidate has several.
 * Everything is derived from the stored iterations, so that a resumed job continues as if it had never stopped.
 */
export interface SearchTree {
  /** Finished iterations, by index. */
  iterations: readonly Iteration[];
  /** The same, grouped by round: each round was planned from the tree before it. */
  rounds: readonly (readonly Iteration[])[];
  /** The best candidate so far; null while nothing has rendered. */
  best: Candidate | null;
}

export function treeOf(iterations: readonly Iteration[]): SearchTree {
  return {
    iterations,
    rounds: [...Map.groupBy(iterations, ({ round }) => round).values()],
    best: candidateOf(iterations, iterations.at(-1)?.best?.candidate),
  };
}

/** The candidate with the id; null where the id is absent or no finished iteration has it. */
export function candidateOf(iterations: readonly Iteration[], id: string | undefined): Candidate | null {
  if (id === undefined) return null;
  return iterations.flatMap(({ candidates }) => candidates).find((candidate) => candidate.id === id) ?? null;
}

/** Every accepted candidate, oldest first. */
export function acceptedIn({ iterations }: SearchTree): Candidate[] {
  return iterations.flatMap(({ candidates, accepted }) => candidates.filter(({ id }) => accepted.includes(id)));
}

/** Iterations whose prompt edited or rewrote the candidate, oldest first. Some were accepted where a search keeps several branches. */
export function triedFrom({ iterations }: SearchTree, parent: Candidate): readonly Iteration[] {
  return iterations.filter(({ parents }) => parents[0] === parent.id);
}

/**
 * Rounds in a row, up to the newest, that left the best as it was, of those from the iteration `since` on. An edit by hand may set a
 * new best, and does not count where it does not.
 */
export function roundsWithoutGain({ rounds }: SearchTree, since: number): number {
  const bests = rounds.map((round) => round.at(-1)?.best?.candidate);
  const gained = bests.findLastIndex((best, round) => best !== undefined && best !== bests[round - 1]);
  return rounds.slice(gained + 1).filter(([first]) => first!.kind !== 'edit' && first!.index >= since).length;
}

/** The iterations that `maxIterations` counts: all but the edits by hand. */
export const countedIterations = ({ iterations }: SearchTree): number =>
  iterations.filter(({ kind }) => kind !== 'edit').length;

/** The best so far gives way to the highest-scoring accepted candidate, unless that one scores less. */
export function bestOf(best: Candidate | null, accepted: readonly Candidate[]): Candidate | null {
  const top = highest(accepted);
  return top && (best === null || overallOf(top) >= overallOf(best)) ? top : best;
}

/** The first of those that score highest. */
export function highest(candidates: readonly Candidate[]): Candidate | null {
  return byScore(candidates)[0] ?? null;
}

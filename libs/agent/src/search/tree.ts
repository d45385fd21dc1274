import type { Box, Candidate, Iteration, Policy } from '@pentimento/contracts';

/** What the loop knows of a job: everything is derived from the stored iterations, so resuming is the normal way to start. */
export interface Trajectory {
  iterations: readonly Iteration[];
  best: Candidate | null;
  /** The accepted candidate before the best. */
  beforeBest: Candidate | null;
}

export function trajectoryOf(iterations: readonly Iteration[]): Trajectory {
  const accepted = iterations.flatMap((iteration) =>
    iteration.candidates.filter((candidate) => candidate.id === iteration.accepted),
  );
  return { iterations, best: accepted.at(-1) ?? null, beforeBest: accepted.at(-2) ?? null };
}

/** The iterations after the last accepted one, oldest first. */
export function sinceAccepted({ iterations }: Trajectory): readonly Iteration[] {
  return iterations.slice(iterations.findLastIndex((iteration) => iteration.accepted !== null) + 1);
}

/** Regions prompted since the last accepted step. */
export function triedInVain(trajectory: Trajectory): Box[] {
  return sinceAccepted(trajectory).flatMap((iteration) => iteration.patches.map((patch) => patch.box));
}

export type NextStep =
  | { kind: 'provided' }
  | { kind: 'draft' }
  | { kind: 'repair'; failed: Candidate }
  | { kind: 'refine'; best: Candidate }
  | { kind: 'rewrite'; best: Candidate };

/** What the next iteration asks for: repair while nothing renders, rewrite below the floor, edit above it. */
export function nextStep(trajectory: Trajectory, options: { hasInitialCode: boolean; policy: Policy }): NextStep {
  const last = trajectory.iterations.at(-1);
  if (!last) return options.hasInitialCode ? { kind: 'provided' } : { kind: 'draft' };
  const { best } = trajectory;
  if (!best) return { kind: 'repair', failed: mostPromising(last.candidates) };
  const { rewriteBelow } = options.policy;
  return best.reward.terms.overall < rewriteBelow ? { kind: 'rewrite', best } : { kind: 'refine', best };
}

/** Of a group that does not render, the first candidate that has code at all. */
function mostPromising(candidates: readonly Candidate[]): Candidate {
  return candidates.find((candidate) => candidate.code !== null) ?? candidates[0]!;
}

import type { Candidate } from './candidate.ts';
import type { Policy } from './policy.ts';
import { reachesThreshold } from './threshold.ts';

/** Statistics of the overall scores of a group: the candidates of one prompt state, all with the same sampling and reward version. */
export interface GroupStatistics {
  size: number;
  mean: number;
  /** Sample standard deviation (divided by size - 1, as `torch.std`); 0 for a single candidate. */
  std: number;
  min: number;
  max: number;
  /** `max - min`. With continuous scores a group without signal has a small range more often than a `std` of exactly 0. */
  range: number;
  /** Nothing rendered: every candidate has the score of a failure. */
  allFailed: boolean;
  /** Every candidate reached the threshold and all minimums. */
  allAboveThreshold: boolean;
}

/** `candidates` has at least one entry. `policy`: the job's. */
export function groupStatistics(
  candidates: readonly Candidate[],
  policy: Pick<Policy, 'threshold' | 'profile' | 'minimums'>,
): GroupStatistics {
  const scores = candidates.map(({ reward }) => reward.terms.overall);
  const size = scores.length;
  const mean = scores.reduce((sum, score) => sum + score, 0) / size;
  const squares = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0);
  const [min, max] = [Math.min(...scores), Math.max(...scores)];
  return {
    size,
    mean,
    std: size > 1 ? Math.sqrt(squares / (size - 1)) : 0,
    min,
    max,
    range: max - min,
    allFailed: candidates.every(({ render }) => render?.status !== 'ok'),
    allAboveThreshold: candidates.every((candidate) => reachesThreshold(candidate, policy)),
  };
}

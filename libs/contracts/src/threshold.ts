import type { Candidate } from './candidate.ts';
import type { Policy } from './policy.ts';

type Threshold = Pick<Policy, 'threshold' | 'profile' | 'minimums'>;

/** A score that a term must reach. */
export interface RequiredScore {
  /** Id of the term. */
  term: string;
  minimum: number;
}

/** What a job's best candidate must reach for the job to be done: the threshold first, then the minimums. */
export const requiredScores = ({ threshold, profile, minimums }: Threshold): RequiredScore[] => [
  { term: profile, minimum: threshold },
  ...Object.entries(minimums).map(([term, minimum]) => ({ term, minimum })),
];

/** Whether a candidate rendered and reaches every required score. A term that is not known does not. */
export function reachesThreshold({ render, reward }: Pick<Candidate, 'render' | 'reward'>, policy: Threshold): boolean {
  return (
    render?.status === 'ok' &&
    requiredScores(policy).every(({ term, minimum }) => (reward.terms[term] ?? -1) >= minimum)
  );
}

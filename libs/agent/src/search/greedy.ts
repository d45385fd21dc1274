import type { Candidate, Verdict } from '@pentimento/contracts';
import { improvementStep, openingStep, repairStep } from './steps.ts';
import type { SearchStrategy } from './strategy.ts';
import { byScore, distinctIn, gainsOn, verdictsFor } from './verdicts.ts';

/**
 * Hill climbing: each round is one group from the best candidate so far, and at most one candidate of it is accepted, the
 * highest-scoring one, if it gains at least `minGain`.
 */
export const greedy: SearchStrategy = {
  id: 'greedy',
  singleGroup: true,
  plan({ best, iterations }, context) {
    const last = iterations.at(-1);
    if (!last) return [openingStep(context)];
    return [best ? improvementStep(best, context) : repairStep(last.candidates, context)];
  },
  select({ best }, round, { policy }) {
    return round.map(({ candidates }) => bestIfItGains(candidates, best, policy.minGain));
  },
};

/** Accepts the highest-scoring candidate of a group, if it gains on the best so far. */
export function bestIfItGains(candidates: readonly Candidate[], best: Candidate | null, minGain: number): Verdict[] {
  const distinct = distinctIn(candidates, best ? [best] : []);
  const gains = (candidate: Candidate): boolean => gainsOn(candidate, best, minGain);
  const accepted = byScore(distinct).slice(0, 1).filter(gains);
  return verdictsFor(candidates, { distinct, accepted, gains });
}

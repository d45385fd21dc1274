import type { Candidate, Verdict } from '@pentimento/contracts';
import { improvementStep, openingStep, overallOf, renderOf, repairStep } from './steps.ts';
import type { SearchStrategy } from './strategy.ts';

/**
 * Hill climbing: each round is one group from the best candidate so far, and at most one candidate of it is accepted, the
 * highest-scoring one, if it gains at least `minGain`. With several candidates this is best-of-n in each round.
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
    return round.map(({ candidates }) => verdictsOf(candidates, best, policy.minGain));
  },
};

function verdictsOf(candidates: readonly Candidate[], best: Candidate | null, minGain: number): Verdict[] {
  const distinct = candidates.filter(
    (candidate, index) => renderOf(candidate) !== null && !isDuplicate(candidate, index, candidates, best),
  );
  const top = distinct.toSorted((a, b) => overallOf(b) - overallOf(a))[0] ?? null;
  const gains = (candidate: Candidate) => best === null || overallOf(candidate) - overallOf(best) >= minGain;
  const accepted = top && gains(top) ? top : null;
  return candidates.map((candidate) => {
    if (candidate.code === null) return 'no_code';
    if (renderOf(candidate) === null) return 'no_render';
    if (!distinct.includes(candidate)) return 'duplicate';
    if (candidate === accepted) return 'accepted';
    return accepted && gains(candidate) ? 'not_best' : 'no_gain';
  });
}

/** Equal PNG bytes: renderers are deterministic, so the same pixels have the same blob id. */
function isDuplicate(
  candidate: Candidate,
  index: number,
  group: readonly Candidate[],
  best: Candidate | null,
): boolean {
  const earlier = best ? [best, ...group.slice(0, index)] : group.slice(0, index);
  return earlier.some((other) => renderOf(other) === renderOf(candidate));
}

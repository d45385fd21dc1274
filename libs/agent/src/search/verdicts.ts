import type { Candidate, Verdict } from '@pentimento/contracts';
import { overallOf, renderOf } from './steps.ts';

/**
 * The candidates of a round that render, without those whose pixels one of `known` or an earlier one has. Renderers are deterministic, so
 * the same pixels have the same blob id.
 */
export function distinctIn(candidates: readonly Candidate[], known: readonly Candidate[]): Candidate[] {
  const seen = new Set(known.map(renderOf));
  return candidates.filter((candidate) => {
    const render = renderOf(candidate);
    if (render === null || seen.has(render)) return false;
    seen.add(render);
    return true;
  });
}

/** Highest score first; of equal ones the earlier. */
export const byScore = (candidates: readonly Candidate[]): Candidate[] =>
  candidates.toSorted((a, b) => overallOf(b) - overallOf(a));

/** Whether a candidate scores at least `minGain` more than another one, if there is one. */
export const gainsOn = (candidate: Candidate, other: Candidate | null, minGain: number): boolean =>
  other === null || overallOf(candidate) - overallOf(other) >= minGain;

/**
 * A verdict for each candidate. One that is not accepted has `not_best` where it gains and another one is accepted.
 *
 * @param distinct those that render and are not duplicates.
 */
export function verdictsFor(
  candidates: readonly Candidate[],
  {
    distinct,
    accepted,
    gains,
  }: { distinct: readonly Candidate[]; accepted: readonly Candidate[]; gains(candidate: Candidate): boolean },
): Verdict[] {
  return candidates.map((candidate) => {
    if (candidate.code === null) return 'no_code';
    if (renderOf(candidate) === null) return 'no_render';
    if (!distinct.includes(candidate)) return 'duplicate';
    if (accepted.includes(candidate)) return 'accepted';
    return accepted.length > 0 && gains(candidate) ? 'not_best' : 'no_gain';
  });
}

/** Accepts the highest-scoring candidate of a group, if it is none of `known` and gains at least `minGain` on `from`. */
export function bestIfItGains(
  candidates: readonly Candidate[],
  { known, from, minGain }: { known: readonly Candidate[]; from: Candidate | null; minGain: number },
): Verdict[] {
  const distinct = distinctIn(candidates, known);
  const gains = (candidate: Candidate): boolean => gainsOn(candidate, from, minGain);
  const accepted = byScore(distinct).slice(0, 1).filter(gains);
  return verdictsFor(candidates, { distinct, accepted, gains });
}

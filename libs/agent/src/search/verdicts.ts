import type { Candidate, Verdict } from '@pentimento/contracts';
import { gainsOn } from './gain.ts';
import { guardVerdict } from './guards.ts';
import { byScore, renderOf } from './steps.ts';
import type { CandidateGroup, SearchContext } from './strategy.ts';
import type { SearchTree } from './tree.ts';

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

/** The candidates of a round that a guard holds back, each with that guard's verdict. */
export type GuardedCandidates = ReadonlyMap<Candidate, Verdict>;

/** What every strategy asks of a round's groups before it selects. Each candidate is compared with what its group starts from, and with the best. */
export function guardedIn(
  round: readonly CandidateGroup[],
  { best }: SearchTree,
  context: SearchContext,
): GuardedCandidates {
  const guarded = new Map<Candidate, Verdict>();
  for (const { step, candidates } of round) {
    for (const candidate of candidates) {
      const verdict = renderOf(candidate) && guardVerdict(candidate, [step.parents[0] ?? null, best], context);
      if (verdict) guarded.set(candidate, verdict);
    }
  }
  return guarded;
}

/**
 * A verdict for each candidate. One that is not accepted has `not_best` where it gains and another one is accepted.
 *
 * @param distinct those that render and are not duplicates.
 */
export function verdictsFor(
  candidates: readonly Candidate[],
  {
    distinct,
    guarded,
    accepted,
    gains,
  }: {
    distinct: readonly Candidate[];
    guarded: GuardedCandidates;
    accepted: readonly Candidate[];
    gains(candidate: Candidate): boolean;
  },
): Verdict[] {
  return candidates.map((candidate) => {
    if (candidate.code === null) return 'no_code';
    if (isBlank(candidate)) return 'blank';
    if (renderOf(candidate) === null) return 'no_render';
    if (!distinct.includes(candidate)) return 'duplicate';
    if (accepted.includes(candidate)) return 'accepted';
    return guarded.get(candidate) ?? (accepted.length > 0 && gains(candidate) ? 'not_best' : 'no_gain');
  });
}

/** It has no image, or one that shows nothing. */
const isBlank = ({ render, reward }: Candidate): boolean =>
  reward.empty || (render?.status === 'failed' && render.kind === 'empty');

/** Accepts the highest-scoring candidate of a group that no guard holds back, if it is none of `known` and gains at least `minGain` on `from`. */
export function bestIfItGains(
  candidates: readonly Candidate[],
  {
    known,
    from,
    guarded,
    minGain,
  }: { known: readonly Candidate[]; from: Candidate | null; guarded: GuardedCandidates; minGain: number },
): Verdict[] {
  const distinct = distinctIn(candidates, known);
  const gains = (candidate: Candidate): boolean => gainsOn(candidate, from, minGain);
  const accepted = byScore(distinct.filter((candidate) => !guarded.has(candidate)))
    .slice(0, 1)
    .filter(gains);
  return verdictsFor(candidates, { distinct, guarded, accepted, gains });
}

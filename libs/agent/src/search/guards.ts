import type { Candidate, Policy, Verdict } from '@pentimento/contracts';
import { scoreIn } from '@pentimento/patches';
import { gainsOn } from './gain.ts';
import type { SearchContext } from './strategy.ts';

/** What a guard asks: how much of `reference` the candidate lost, 0..1. Null where that is not known. */
interface Guard {
  verdict: Verdict;
  tolerance(policy: Policy): number;
  lost(candidate: Candidate, reference: Candidate, context: SearchContext): number | null;
}

const lossOfTerm =
  (term: string) =>
  (candidate: Candidate, reference: Candidate): number | null => {
    const [after, before] = [candidate.reward.terms[term] ?? null, reference.reward.terms[term] ?? null];
    return after === null || before === null ? null : before - after;
  };

/** In the order in which a prompt names what is wrong. */
const guards: readonly Guard[] = [
  { verdict: 'lock_broken', tolerance: ({ maxLockedLoss }) => maxLockedLoss, lost: lossInLocks },
  { verdict: 'text_lost', tolerance: ({ maxTextLoss }) => maxTextLoss, lost: lossOfTerm('text') },
  { verdict: 'tile_lost', tolerance: ({ maxTileLoss }) => maxTileLoss, lost: lossOfTerm('worstTile') },
];

/** Of the locked region that lost most. */
function lossInLocks(candidate: Candidate, reference: Candidate, { locked, size }: SearchContext): number | null {
  const [after, before] = [candidate.reward.map, reference.reward.map];
  if (!after || !before) return null;
  return Math.max(0, ...locked.map((box) => scoreIn(before, box, size) - scoreIn(after, box, size)));
}

/**
 * The verdict of the first guard that holds a candidate back; undefined where it may be accepted. Guards compare it with each of
 * `references` (what it starts from, and the best) that it scores more than: a gain must not hide a loss. A bitmap is held back always, and so is what shows nothing.
 */
export function guardVerdict(
  candidate: Candidate,
  references: readonly (Candidate | null)[],
  context: SearchContext,
): Verdict | undefined {
  if (candidate.reward.empty) return 'blank';
  if (context.embedsBitmap(candidate)) return 'embedded_bitmap';
  const exceeded = references.filter(
    (reference): reference is Candidate =>
      reference?.render?.status === 'ok' && gainsOn(candidate, reference, context.policy.minGain),
  );
  return guards.find((guard) =>
    exceeded.some((reference) => (guard.lost(candidate, reference, context) ?? 0) > guard.tolerance(context.policy)),
  )?.verdict;
}

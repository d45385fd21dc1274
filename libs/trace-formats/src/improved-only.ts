import { isHeldBack, type ExportOptions } from '@pentimento/contracts';
import type { Turn, UnitDrop } from '@pentimento/traces';

/**
 * Why supervised rows leave a turn out where only improvements are wanted: its code is missing or does not render, a guard held it
 * back, or it scores no higher than what it started from. A draft that renders stays: it started from nothing. By default every turn is a row, and the
 * columns `verdict`, `parse_status`, `finish_reason`, `score` and `gain` say what became of it.
 */
export const improvedOnlyObjection =
  ({ improvedOnly }: ExportOptions) =>
  (turn: Turn): Pick<UnitDrop, 'reason' | 'detail'> | undefined =>
    improvedOnly ? whyNoImprovement(turn) : undefined;

export function whyNoImprovement({
  candidate,
  verdict,
  score,
  gain,
}: Turn): Pick<UnitDrop, 'reason' | 'detail'> | undefined {
  if (candidate.code === null) return { reason: 'no_code', detail: `The reply gave no code: ${candidate.parseDetail}` };
  if (candidate.render?.status !== 'ok') return { reason: 'not_rendered', detail: 'The code does not render.' };
  if (isHeldBack(verdict)) return { reason: 'held_back', detail: `A guard held it back: ${verdict}.` };
  if (gain !== null && gain <= 0)
    return {
      reason: 'no_gain',
      detail: `It scores ${score.toFixed(3)}; what it started from, ${(score - gain).toFixed(3)}.`,
    };
  return undefined;
}

import { isHeldBack, type ExportOptions } from '@pentimento/contracts';
import { type ExportedTrace, type Group, groupColumns, type ModelTurn, TraceError } from '@pentimento/traces';
import { type Columns, float, type Row, string } from '@pentimento/traces/tables';
import { replyOf } from './calls.ts';

/** Scores that differ by less are equal but for rounding. */
const rounding = 1e-9;

/** Two replies to one prompt, of which the first is better. */
export interface PreferencePair {
  chosen: string;
  rejected: string;
  /** The values of `pairColumns` but for those of the group. */
  meta: Row;
}

/** Columns of every table of preferences. */
export const pairColumns = {
  ...groupColumns,
  chosen_candidate_id: string,
  rejected_candidate_id: string,
  chosen_score: float,
  rejected_score: float,
  score_gap: float,
  rejected_verdict: string,
} satisfies Columns;

/**
 * The pair of a group: its best reply against its worst, so that a group of any size counts once. All pairs of a group would say the same
 * again and again. A reply that a guard held back is never the better one. Throws a TraceError where there is no pair: a single reply,
 * scores less than the margin apart, no render among them that may be kept, or the same text, which teaches nothing.
 */
export async function pairOf(
  exported: ExportedTrace,
  { turns }: Group<ModelTurn>,
  { margin }: ExportOptions,
): Promise<PreferencePair> {
  const [best, worst] = extremesOf(turns);
  const gap = best.score - worst.score;
  if (turns.length === 1) throw new TraceError('no_pair', 'The group has one reply.');
  if (isHeldBack(best.verdict)) throw new TraceError('no_pair', 'A guard held back every reply that renders.');
  if (gap < margin - rounding)
    throw new TraceError('no_pair', `Its scores are ${gap.toFixed(3)} apart, less than ${margin}.`);
  if (best.candidate.render?.status !== 'ok') throw new TraceError('no_pair', 'None of its replies renders.');
  const [chosen, rejected] = [await replyOf(exported, best), await replyOf(exported, worst)];
  if (chosen === rejected) throw new TraceError('no_pair', 'Its best and its worst reply are the same text.');
  return { chosen, rejected, meta: pairMetaOf(best, worst) };
}

/** The first of the highest score, of those that render and may be kept if any does, and the first of the lowest. */
function extremesOf(turns: readonly ModelTurn[]): [best: ModelTurn, worst: ModelTurn] {
  const rendered = turns.filter(({ candidate }) => candidate.render?.status === 'ok');
  const kept = rendered.filter(({ verdict }) => !isHeldBack(verdict));
  const byScore = (a: ModelTurn, b: ModelTurn) => b.score - a.score;
  const [best] = ([kept, rendered].find(({ length }) => length > 0) ?? turns).toSorted(byScore);
  const worst = turns.reduce((lowest, turn) => (turn.score < lowest.score ? turn : lowest));
  return [best!, worst];
}

const pairMetaOf = (best: ModelTurn, worst: ModelTurn): Row => ({
  chosen_candidate_id: best.candidate.id,
  rejected_candidate_id: worst.candidate.id,
  chosen_score: best.score,
  rejected_score: worst.score,
  score_gap: best.score - worst.score,
  rejected_verdict: worst.verdict,
});

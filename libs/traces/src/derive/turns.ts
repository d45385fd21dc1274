import type { Candidate, Iteration, ModelCall, Verdict } from '@pentimento/contracts';
import type { Trace } from '../trace.ts';

/** One candidate in its place in the trajectory: the unit of most formats. */
export interface Turn {
  iteration: Iteration;
  candidate: Candidate;
  verdict: Verdict;
  /** The candidate that the prompt started from; null for a draft. */
  parent: Candidate | null;
  /** Overall score, 0 to 1. */
  score: number;
  /** Score minus the parent's; null without a parent. */
  gain: number | null;
}

/** A turn that a model wrote. */
export interface ModelTurn extends Turn {
  candidate: Candidate & { call: ModelCall };
}

/** Every candidate of a trace, in order. */
export function turnsOf({ iterations }: Trace): Turn[] {
  const known = new Map<string, Candidate>();
  const turns: Turn[] = [];
  for (const iteration of iterations) {
    for (const [index, candidate] of iteration.candidates.entries()) {
      known.set(candidate.id, candidate);
      const parent = known.get(candidate.parents[0] ?? '') ?? null;
      const score = candidate.reward.terms.overall;
      const gain = parent && score - parent.reward.terms.overall;
      turns.push({ iteration, candidate, verdict: iteration.verdicts[index]!, parent, score, gain });
    }
  }
  return turns;
}

/** The turns that a model wrote. Code of a person has no prompt and no reply. */
export const modelTurnsOf = (trace: Trace): ModelTurn[] => turnsOf(trace).filter(isModelTurn);

export const isModelTurn = (turn: Turn): turn is ModelTurn => turn.candidate.call !== null;

/** The turn that a candidate belongs to and all that it started from, the oldest first. */
export function lineageOf(turns: readonly Turn[], last: Turn): Turn[] {
  const byId = new Map(turns.map((turn) => [turn.candidate.id, turn]));
  const lineage: Turn[] = [];
  for (let turn: Turn | undefined = last; turn; turn = byId.get(turn.parent?.id ?? '')) lineage.unshift(turn);
  return lineage;
}

/**
 * The turns that led to the best candidate, from the first draft or the newest code of a person on: what came before that did not lead
 * there. None where nothing rendered.
 */
export function bestLineageOf(trace: Trace): Turn[] {
  const turns = turnsOf(trace);
  const best = turns.find(({ candidate }) => candidate.id === trace.job.best?.candidate);
  const lineage = best ? lineageOf(turns, best) : [];
  return lineage.slice(
    Math.max(
      0,
      lineage.findLastIndex((turn) => !isModelTurn(turn)),
    ),
  );
}

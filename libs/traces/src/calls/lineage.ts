import { bestLineageOf, isModelTurn, type ModelTurn } from '../derive/turns.ts';
import { TraceError } from '../export/drops.ts';
import type { TraceSource } from '../export/source.ts';
import type { Trace } from '../trace.ts';
import { readCall } from './read-call.ts';
import { stepsOf, type Step } from './steps.ts';

/** A turn of a model with what its call adds to the conversation. */
export interface LineageStep extends Step {
  turn: ModelTurn;
}

/** The calls that led to the best candidate, in order. Throws a TraceError where there is none. */
export async function readBestLineage(trace: Trace, source: TraceSource): Promise<LineageStep[]> {
  const lineage = bestLineageOf(trace);
  if (lineage.length === 0) throw new TraceError('not_rendered', 'Nothing rendered, so there is no best candidate.');
  const turns = lineage.filter(isModelTurn);
  if (turns.length === 0) throw new TraceError('no_call', 'The best code is of a person, so there is no prompt.');
  const calls = await Promise.all(turns.map(({ candidate }) => readCall(candidate.call, source)));
  return stepsOf(calls).map((step, index) => ({ ...step, turn: turns[index]! }));
}

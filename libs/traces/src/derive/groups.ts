import type { Iteration } from '@pentimento/contracts';
import type { Trace } from '../trace.ts';
import { turnsOf, type Turn } from './turns.ts';

/** The candidates of one prompt state, in order. */
export interface Group<T extends Turn = Turn> {
  iteration: Iteration;
  /** At least one. */
  turns: T[];
}

/** The groups of a trace, in order. */
export function groupsOf(trace: Trace): Group[] {
  const turns = turnsOf(trace);
  return trace.iterations.map((iteration) => ({
    iteration,
    turns: turns.filter((turn) => turn.iteration === iteration),
  }));
}

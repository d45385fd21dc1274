import { isModelTurn, turnsOf, type ModelTurn, type Turn } from '../derive/turns.ts';
import type { Row } from '../tables/table.ts';
import { TraceError, type UnitDrop } from './drops.ts';
import type { ExportedTrace } from './exporter.ts';
import { metaOf } from './meta.ts';

/** A row of one unit, or why the unit has none. */
export type UnitResult = { row: Row } | { drop: UnitDrop };

/** Why a unit has no row, before anything of it is read. */
type Objection<T> = (turn: T) => Pick<UnitDrop, 'reason' | 'detail'> | undefined;

/**
 * One row a candidate that a model wrote, with the columns of `meta.ts`. Candidates without a call, and those that `objection` speaks against, are
 * drops. A TraceError of `rowOf` drops that candidate alone, unless a blob is gone, which drops the trace.
 */
export async function* modelTurnUnits(
  exported: ExportedTrace,
  rowOf: (turn: ModelTurn) => Promise<Row>,
  objection: Objection<ModelTurn> = () => undefined,
): AsyncGenerator<UnitResult> {
  for (const turn of turnsOf(exported.trace)) {
    if (!isModelTurn(turn)) {
      yield { drop: dropOf(turn, 'no_call', 'The code came with the job, so there is no prompt.') };
      continue;
    }
    const against = objection(turn);
    yield against
      ? { drop: dropOf(turn, against.reason, against.detail) }
      : await unitOf(turn, async () => ({ ...(await rowOf(turn)), ...(await metaOf(exported, turn)) }));
  }
}

const dropOf = ({ iteration, candidate }: Turn, reason: UnitDrop['reason'], detail: string): UnitDrop => ({
  reason,
  detail,
  iteration: iteration.index,
  candidate: candidate.id,
});

async function unitOf(turn: Turn, read: () => Promise<Row>): Promise<UnitResult> {
  try {
    return { row: await read() };
  } catch (error) {
    if (!(error instanceof TraceError) || error.reason === 'missing_blob') throw error;
    return { drop: dropOf(turn, error.reason, error.message) };
  }
}

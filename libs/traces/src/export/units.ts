import { groupsOf, type Group } from '../derive/groups.ts';
import { isModelTurn, turnsOf, type ModelTurn, type Turn } from '../derive/turns.ts';
import type { Row } from '../tables/table.ts';
import { TraceError, type UnitDrop } from './drops.ts';
import type { ExportedTrace } from './exporter.ts';
import { groupMetaOf } from './group-meta.ts';
import { metaOf } from './meta.ts';

/** A row of one unit, or why the unit has none. */
export type UnitResult = { row: Row } | { drop: UnitDrop };

/** Where a unit is in its trace. */
type UnitLocation = Pick<UnitDrop, 'iteration' | 'candidate'>;

/** The row of a turn, without the columns of `meta.ts`, which are `meta`. */
type RowOf<T> = (turn: T, meta: Row) => Promise<Row>;

/** Why a unit has no row, before anything of it is read. */
type Objection<T> = (turn: T) => Pick<UnitDrop, 'reason' | 'detail'> | undefined;

/** The code came with the job, or was edited by hand. */
export const noCall = { reason: 'no_call', detail: 'The code is of a person, so there is no prompt.' } as const;

/**
 * One row a candidate, with the columns of `meta.ts`. Those that `objection` speaks against are drops. A TraceError of `rowOf` drops
 * that candidate alone, unless a blob is gone, which drops the trace.
 */
export async function* turnUnits(
  exported: ExportedTrace,
  rowOf: RowOf<Turn>,
  objection: Objection<Turn> = () => undefined,
): AsyncGenerator<UnitResult> {
  for (const turn of turnsOf(exported.trace)) {
    const location = { iteration: turn.iteration.index, candidate: turn.candidate.id };
    const against = objection(turn);
    yield against
      ? { drop: { ...against, ...location } }
      : await unitOf(location, async () => {
          const meta = await metaOf(exported, turn);
          return { ...(await rowOf(turn, meta)), ...meta };
        });
  }
}

/** The same for the candidates that a model wrote. Those without a call are drops. */
export function modelTurnUnits(
  exported: ExportedTrace,
  rowOf: RowOf<ModelTurn>,
  objection: Objection<ModelTurn> = () => undefined,
): AsyncGenerator<UnitResult> {
  return turnUnits(
    exported,
    (turn, meta) => rowOf(turn as ModelTurn, meta),
    (turn) => (isModelTurn(turn) ? objection(turn) : noCall),
  );
}

/**
 * One row a group that a model wrote, with the columns of `group-meta.ts`. A group without calls is a drop. Errors are as for
 * `turnUnits`.
 */
export async function* modelGroupUnits(
  exported: ExportedTrace,
  rowOf: (group: Group<ModelTurn>) => Promise<Row>,
): AsyncGenerator<UnitResult> {
  for (const { iteration, turns } of groupsOf(exported.trace)) {
    const location = { iteration: iteration.index };
    const group = { iteration, turns: turns.filter(isModelTurn) };
    yield group.turns.length === 0
      ? { drop: { ...noCall, ...location } }
      : await unitOf(location, async () => ({ ...(await rowOf(group)), ...groupMetaOf(exported, group) }));
  }
}

/** The row of a unit, or its drop where reading it throws a TraceError. A blob that is gone drops the whole trace. */
export async function unitOf(location: UnitLocation, read: () => Promise<Row>): Promise<UnitResult> {
  try {
    return { row: await read() };
  } catch (error) {
    if (!(error instanceof TraceError) || error.reason === 'missing_blob') throw error;
    return { drop: { reason: error.reason, detail: error.message, ...location } };
  }
}

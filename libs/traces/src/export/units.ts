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

/** Why a unit has no row, before anything of it is read. */
type Objection<T> = (turn: T) => Pick<UnitDrop, 'reason' | 'detail'> | undefined;

const noCall = { reason: 'no_call', detail: 'The code came with the job, so there is no prompt.' } as const;

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
    const location = locationOf(turn);
    if (!isModelTurn(turn)) {
      yield { drop: { ...noCall, ...location } };
      continue;
    }
    const against = objection(turn);
    yield against
      ? { drop: { ...against, ...location } }
      : await unitOf(location, async () => ({ ...(await rowOf(turn)), ...(await metaOf(exported, turn)) }));
  }
}

const locationOf = ({ iteration, candidate }: Turn): UnitLocation => ({
  iteration: iteration.index,
  candidate: candidate.id,
});

/**
 * One row a group that a model wrote, with the columns of `group-meta.ts`. A group without calls, and one whose candidates were not
 * asked the same, is a drop. Errors are as for `modelTurnUnits`.
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
      : await unitOf(location, async () => {
          assertOnePrompt(group);
          return { ...(await rowOf(group)), ...groupMetaOf(exported, group) };
        });
  }
}

function assertOnePrompt({ turns }: Group<ModelTurn>): void {
  if (new Set(turns.map(({ candidate }) => candidate.call.prompt)).size > 1)
    throw new TraceError('inconsistent', 'Its candidates answer different prompts.');
}

async function unitOf(location: UnitLocation, read: () => Promise<Row>): Promise<UnitResult> {
  try {
    return { row: await read() };
  } catch (error) {
    if (!(error instanceof TraceError) || error.reason === 'missing_blob') throw error;
    return { drop: { reason: error.reason, detail: error.message, ...location } };
  }
}

import { isHeldBack, reachesThreshold, type Iteration } from '@pentimento/contracts';
import {
  type ExportedTrace,
  type ModelTurn,
  modelTurnsOf,
  noCall,
  readCall,
  rowExporter,
  stepsOf,
  unitOf,
} from '@pentimento/traces';
import { jsonLines, type Row } from '@pentimento/traces/tables';
import { episodeColumns, episodeFile, episodeOf } from './verifiers-episode.ts';
import { verifiersTask, verifiersTrace } from './verifiers-trace.ts';

/**
 * Episodes of verifiers, one a group of the search: its candidates are independent attempts at one prompt, compared with each other, which
 * is what verifiers' best-of-n environment makes an episode of (verifiers/v1/envs/best_of_n/env.py). Each candidate is a trace with its own
 * reward, so that prime-rl's advantage, reward minus the mean of the group, is that of the candidate.
 */
export const verifiers = rowExporter({
  id: 'verifiers',
  title: 'verifiers, prime-rl: groups',
  description: 'Episodes for verifiers and prime-rl, one a group, each candidate a trace with its tokens and reward.',
  unit: 'group',
  table: jsonLines,
  columns: episodeColumns,
  meta: false,
  fileOf: episodeFile,
  async *units(exported) {
    const turns = modelTurnsOf(exported.trace);
    for (const iteration of exported.trace.iterations) {
      const at = { iteration: iteration.index };
      const group = turns.filter((turn) => turn.iteration === iteration);
      yield group.length === 0
        ? { drop: { ...noCall, ...at } }
        : await unitOf(at, () => groupEpisode(exported, iteration, group));
    }
  },
});

async function groupEpisode(exported: ExportedTrace, { index }: Iteration, group: readonly ModelTurn[]): Promise<Row> {
  const { job } = exported.trace;
  const task = await verifiersTask(exported);
  const top = Math.max(...group.map(({ score }) => score));
  const solved = Number(
    group.some(({ candidate, verdict }) => !isHeldBack(verdict) && reachesThreshold(candidate, job.policy)),
  );
  const traces = [];
  for (const turn of group) {
    const [step] = stepsOf([await readCall(turn.candidate.call, exported.source)]);
    traces.push(
      await verifiersTrace(exported, {
        id: turn.candidate.id,
        steps: [{ ...step!, turn }],
        task,
        stopCondition: 'agent_completed',
        metrics: { best: Number(turn.score === top), pass_at_n: solved },
      }),
    );
  }
  const id = `${job.id}/${index}`;
  return episodeOf(exported, { id, group: id, task, turns: group, traces });
}

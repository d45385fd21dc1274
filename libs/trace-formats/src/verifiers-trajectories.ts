import { rewardVersionId } from '@pentimento/contracts';
import { type ExportedTrace, readBestLineage, rowExporter, sha256Of } from '@pentimento/traces';
import { jsonLines, type Row } from '@pentimento/traces/tables';
import { episodeColumns, episodeFile, episodeOf } from './verifiers-episode.ts';
import { verifiersTask, verifiersTrace } from './verifiers-trace.ts';

/**
 * Episodes of verifiers, one a trajectory: a trace of the turns that led to the best candidate, whose reward is the best score. Trajectories
 * of the same task, model and policy are one group. prime-rl makes a sample of each conversation, and credits each turn by
 * `info.turn_rewards` where it is told to.
 */
export const verifiersTrajectories = rowExporter({
  id: 'verifiers-trajectories',
  title: 'verifiers, prime-rl: trajectories',
  description: 'Episodes for verifiers and prime-rl, one a trajectory, with the score after each turn.',
  unit: 'trajectory',
  table: jsonLines,
  columns: episodeColumns,
  meta: false,
  fileOf: episodeFile,
  async *units(exported) {
    yield { row: await trajectoryEpisode(exported) };
  },
});

async function trajectoryEpisode(exported: ExportedTrace): Promise<Row> {
  const { job } = exported.trace;
  const steps = await readBestLineage(exported.trace, exported.source);
  const task = await verifiersTask(exported);
  const trace = await verifiersTrace(exported, {
    id: job.id,
    steps,
    task,
    stopCondition: job.stopReason ?? 'error',
    metrics: {},
  });
  const turns = steps.map(({ turn }) => turn);
  return episodeOf(exported, { id: job.id, group: await groupOf(exported), task, turns, traces: [trace] });
}

/** Trajectories that can be compared: of one task, sampled in the same way, scored by the same reward. */
function groupOf({ trace: { job, iterations }, taskId }: ExportedTrace): Promise<string> {
  const reward = rewardVersionId(iterations[0]!.candidates[0]!.reward);
  return sha256Of(JSON.stringify([taskId, job.model, job.policyVersion, job.policy, reward]));
}

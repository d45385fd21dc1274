import { rewardVersionId } from '@pentimento/contracts';
import { alarmsOf } from '../derive/alarms.ts';
import { policyVersionOf } from '../derive/policy-version.ts';
import type { Turn } from '../derive/turns.ts';
import { float, int, list, string, type Columns } from '../tables/columns.ts';
import type { Row } from '../tables/table.ts';
import type { ExportedTrace } from './exporter.ts';

/** Columns of every table that say where a row comes from, to select and to weigh by. */
export const metaColumns = {
  task_id: string,
  job_id: string,
  candidate_id: string,
  iteration: int,
  kind: string,
  language: string,
  model: string,
  policy_version: string,
  capture_level: string,
  reward_version: string,
  score: float,
  gain: float,
  verdict: string,
  alarms: list(string),
} satisfies Columns;

/** The values of `metaColumns` for the row of a turn. */
export async function metaOf({ trace, taskId, source }: ExportedTrace, turn: Turn): Promise<Row> {
  const { candidate, iteration, score, gain, verdict } = turn;
  const { job } = trace;
  const { call } = candidate;
  const code = candidate.code === null ? null : await source.text(candidate.code);
  return {
    task_id: taskId,
    job_id: job.id,
    candidate_id: candidate.id,
    iteration: iteration.index,
    kind: iteration.kind,
    language: job.language,
    model: call?.model ?? null,
    policy_version: call && policyVersionOf(job, call),
    capture_level: call?.capture.level ?? null,
    reward_version: rewardVersionId(candidate.reward),
    score,
    gain,
    verdict,
    alarms: alarmsOf({ candidate, code, instructions: job.instructions }),
  };
}

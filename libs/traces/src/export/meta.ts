import { rewardVersionId, type Candidate, type Iteration } from '@pentimento/contracts';
import { alarmsOf } from '../derive/alarms.ts';
import { judgmentsOf } from '../derive/judgments.ts';
import { policyVersionOf } from '../derive/policy-version.ts';
import type { Turn } from '../derive/turns.ts';
import { float, int, list, string, type Columns } from '../tables/columns.ts';
import type { Row } from '../tables/table.ts';
import type { ExportedTrace } from './exporter.ts';

/** Columns that say where a row comes from. */
export const originColumns = {
  task_id: string,
  job_id: string,
  iteration: int,
  kind: string,
  language: string,
  model: string,
  policy_version: string,
  capture_level: string,
  reward_version: string,
  tags: list(string),
} satisfies Columns;

/** Columns of every table whose rows are turns, to select and to weigh by. */
export const metaColumns = {
  ...originColumns,
  candidate_id: string,
  parse_status: string,
  finish_reason: string,
  score: float,
  gain: float,
  verdict: string,
  alarms: list(string),
  judgment: string,
  preferred_over: list(string),
  notes: list(string),
} satisfies Columns;

/** The values of `originColumns` for a candidate of an iteration. */
export function originOf(
  { trace: { job }, taskId }: ExportedTrace,
  iteration: Pick<Iteration, 'index' | 'kind'>,
  { call, reward }: Candidate,
): Row {
  return {
    task_id: taskId,
    job_id: job.id,
    iteration: iteration.index,
    kind: iteration.kind,
    language: job.language,
    model: call?.model ?? null,
    policy_version: call && policyVersionOf(job, call),
    capture_level: call?.capture.level ?? null,
    reward_version: rewardVersionId(reward),
    tags: job.tags,
  };
}

/** The values of `metaColumns` for the row of a turn. */
export async function metaOf(exported: ExportedTrace, turn: Turn): Promise<Row> {
  const { candidate, iteration, score, gain, verdict } = turn;
  const { trace, source } = exported;
  const code = candidate.code === null ? null : await source.text(candidate.code);
  return {
    ...originOf(exported, iteration, candidate),
    candidate_id: candidate.id,
    parse_status: candidate.parseStatus,
    finish_reason: candidate.call?.finishReason ?? null,
    score,
    gain,
    verdict,
    alarms: alarmsOf({ candidate, code, target: trace.job.target, instructions: trace.job.instructions }),
    ...judgmentsOf(trace, candidate.id),
  };
}

import { groupStatistics, type Candidate, type Policy } from '@pentimento/contracts';
import type { Group } from '../derive/groups.ts';
import type { ModelTurn } from '../derive/turns.ts';
import { bool, float, int, string, type Columns } from '../tables/columns.ts';
import type { Row } from '../tables/table.ts';
import type { ExportedTrace } from './exporter.ts';
import { originColumns, originOf } from './meta.ts';

/** Columns of the statistics of a group's scores (see `GroupStatistics`), so that groups without signal can be filtered out. */
export const groupStatisticsColumns = {
  group_size: int,
  group_mean: float,
  group_std: float,
  group_range: float,
  group_all_failed: bool,
  group_all_above_threshold: bool,
} satisfies Columns;

/**
 * Columns of every table whose rows are groups: where they come from, and their statistics. `prompt_id` is the SHA-256 of the prompt as it was sent: jobs of the
 * same task share the prompt of their drafts.
 */
export const groupColumns = {
  ...originColumns,
  prompt_id: string,
  ...groupStatisticsColumns,
} satisfies Columns;

/** The values of `groupColumns`. Model, policy version and capture level are those of the first candidate. */
export function groupMetaOf(exported: ExportedTrace, { iteration, turns }: Group<ModelTurn>): Row {
  const candidates = turns.map(({ candidate }) => candidate);
  const [first] = candidates;
  return {
    ...originOf(exported, iteration, first!),
    prompt_id: first!.call.prompt,
    ...groupStatisticsOf(candidates, exported.trace.job.policy),
  };
}

/** The values of `groupStatisticsColumns`. */
export function groupStatisticsOf(candidates: readonly Candidate[], policy: Policy): Row {
  const { size, mean, std, range, allFailed, allAboveThreshold } = groupStatistics(candidates, policy);
  return {
    group_size: size,
    group_mean: mean,
    group_std: std,
    group_range: range,
    group_all_failed: allFailed,
    group_all_above_threshold: allAboveThreshold,
  };
}

import type { ExportedTrace, ModelTurn, Split } from '@pentimento/traces';
import { bool, type Columns, json, type Row, string } from '@pentimento/traces/tables';
import { verifiersRun } from './verifiers-trace.ts';

/** A line of `traces.jsonl` (verifiers/v1/episode.py, `WireEpisode`). */
export const episodeColumns = {
  id: string,
  env: json,
  task: json,
  group: json,
  run: json,
  ok: bool,
  errors: json,
  traces: json,
} satisfies Columns;

/** verifiers reads the file `traces.jsonl` of a folder (verifiers/v1/cli/output.py). */
export const episodeFile = (split: Split): string => (split === 'train' ? 'traces' : `${split}/traces`);

export interface EpisodeParts {
  id: string;
  /** Id of the rollout group, within which rewards are compared. */
  group: string;
  task: object;
  /** The turns that the policy wrote. */
  turns: readonly ModelTurn[];
  traces: readonly object[];
}

export function episodeOf(exported: ExportedTrace, { id, group, task, turns, traces }: EpisodeParts): Row {
  return {
    id,
    env: { id: 'pentimento', name: 'pentimento' },
    task,
    group: { id: group },
    run: verifiersRun(exported, turns),
    ok: true,
    errors: [],
    traces,
  };
}

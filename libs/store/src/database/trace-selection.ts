import type { BlobId, ExportCounts, ExportFilter } from '@pentimento/contracts';
import { Prisma } from '../../generated/client.ts';
import type { TraceSelection } from '../export-types.ts';
import type { Database } from './client.ts';
import { hasEnded } from './retention.ts';

/** Decimal, as scores are stored, so that a difference of scores is exact. */
const decimal = (value: number): Prisma.Sql => Prisma.sql`${String(value)}::numeric`;

const bestScore = Prisma.sql`(best ->> 'overall')::numeric`;
/** Of the first iteration in which something rendered. */
const firstScore = Prisma.sql`(
  SELECT score::numeric FROM jsonb_array_elements(scores) WITH ORDINALITY AS each_score (score, position)
  WHERE jsonb_typeof(score) = 'number' ORDER BY position LIMIT 1)`;

const hasCall = (condition: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`EXISTS (SELECT FROM model_calls WHERE job_id = jobs.id AND ${condition})`;
const everyCall = (condition: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`${hasCall(Prisma.sql`true`)} AND NOT ${hasCall(Prisma.sql`(${condition}) IS NOT TRUE`)}`;
const policyVersion = Prisma.sql`coalesce(jobs.policy_version, served ->> 'weightVersion', served ->> 'model')`;

type Rules = { [Field in keyof Required<ExportFilter>]: (value: NonNullable<ExportFilter[Field]>) => Prisma.Sql };

/** What each field of a filter asks of a row of `jobs`. */
const rules: Rules = {
  jobs: (ids) => Prisma.sql`id = ANY(${ids}::text[])`,
  languages: (languages) => Prisma.sql`language = ANY(${languages}::text[])`,
  models: (models) => Prisma.sql`model = ANY(${models}::text[])`,
  outcomes: (outcomes) => Prisma.sql`outcome::text = ANY(${outcomes}::text[])`,
  minScore: (score) => Prisma.sql`${bestScore} >= ${decimal(score)}`,
  maxScore: (score) => Prisma.sql`${bestScore} <= ${decimal(score)}`,
  minGain: (gain) => Prisma.sql`${bestScore} - ${firstScore} >= ${decimal(gain)}`,
  captureLevel: (level) =>
    level === 'token_exact' ? everyCall(Prisma.sql`tokens IS NOT NULL`) : hasCall(Prisma.sql`tokens IS NULL`),
  policyVersions: (versions) => everyCall(Prisma.sql`${policyVersion} = ANY(${versions}::text[])`),
  verdict: (verdict) => Prisma.sql`EXISTS (
    SELECT FROM judgments AS current
    WHERE job_id = jobs.id AND verdict::text = ${verdict} AND withdrawn_at IS NULL AND NOT EXISTS (
      SELECT FROM judgments AS newer
      WHERE newer.candidate_id = current.candidate_id AND newer.preferred_over IS NULL AND newer.seq > current.seq
        AND newer.author_kind = current.author_kind AND newer.author_name = current.author_name))`,
  tags: (tags) => Prisma.sql`tags @> ${tags}::text[]`,
  createdAfter: (time) => Prisma.sql`created_at >= ${new Date(time)}::timestamptz`,
  createdBefore: (time) => Prisma.sql`created_at < ${new Date(time)}::timestamptz`,
};

const isSelected = ({ filter, endedBy }: TraceSelection): Prisma.Sql => {
  const conditions = Object.entries(filter)
    .filter(([, value]) => value !== undefined)
    .map(([field, value]) => (rules[field as keyof Rules] as (value: unknown) => Prisma.Sql)(value));
  const ended = Prisma.sql`${hasEnded} AND finished_at <= ${new Date(endedBy)}::timestamptz`;
  return Prisma.join([ended, ...conditions], ' AND ');
};

export async function listTraceJobs(
  database: Database,
  selection: TraceSelection,
  after: string,
  limit: number,
): Promise<string[]> {
  const rows = await database.run(
    (queries) => queries.$queryRaw<{ id: string }[]>`
      SELECT id FROM jobs WHERE id > ${after} AND ${isSelected(selection)} ORDER BY id LIMIT ${limit}`,
  );
  return rows.map(({ id }) => id);
}

/** The targets of the selected jobs after an id, each once, in ascending order. */
export async function listTargets(
  database: Database,
  selection: TraceSelection,
  after: string,
  limit: number,
): Promise<BlobId[]> {
  const rows = await database.run(
    (queries) => queries.$queryRaw<{ id: string }[]>`
      SELECT DISTINCT target_image AS id FROM jobs
      WHERE target_image > ${after} AND ${isSelected(selection)} ORDER BY 1 LIMIT ${limit}`,
  );
  return rows.map(({ id }) => id);
}

export async function countTraces(database: Database, selection: TraceSelection): Promise<ExportCounts> {
  const groups = await database.run(
    (queries) => queries.$queryRaw<{ language: string; outcome: string; jobs: number; candidates: number }[]>`
      SELECT language, coalesce(outcome::text, 'none') AS outcome, count(*)::int AS jobs,
        coalesce(sum((SELECT count(*) FROM candidates WHERE job_id = jobs.id)), 0)::int AS candidates
      FROM jobs WHERE ${isSelected(selection)} GROUP BY 1, 2 ORDER BY 1, 2`,
  );
  const sum = (of: (group: (typeof groups)[number]) => number) => groups.reduce((total, group) => total + of(group), 0);
  const byKey = (key: 'language' | 'outcome') =>
    Object.fromEntries(
      [...Map.groupBy(groups, (group) => group[key])].map(([name, own]) => [
        name,
        own.reduce((total, { jobs }) => total + jobs, 0),
      ]),
    );
  return {
    trajectories: sum(({ jobs }) => jobs),
    candidates: sum(({ candidates }) => candidates),
    languages: byKey('language'),
    outcomes: byKey('outcome'),
  };
}

import {
  isRetryable,
  jobStatuses,
  tagSet,
  tagsSchema,
  type Job,
  type JobPage,
  type JobStatus,
  type ListJobs,
  type Tag,
} from '@pentimento/contracts';
import { v7 as uuidv7 } from 'uuid';
import { Prisma } from '../../generated/client.ts';
import type { NewJob } from '../types.ts';
import { endAsCanceled, lockJob, queueToContinue, type LockedJob } from './claims.ts';
import { eventChannel, stopChannel } from './channels.ts';
import type { Database, Queries } from './client.ts';
import { appendEvent } from './events.ts';
import { timestamp } from './leases.ts';
import { readJob, wholeJob } from './rows.ts';
import { sanitizeForPostgres } from '@pentimento/postgres';

/** The cursor for `listJobs` is not one of a page of jobs. */
export class InvalidCursorError extends Error {
  override readonly name = 'InvalidCursorError';
}

export async function createJob(database: Database, job: NewJob): Promise<Job> {
  return database.transaction(async (queries) => {
    const { id, now } = await insertJob(database, queries, job, { status: 'queued' });
    const event = { type: 'job.queued', data: { reason: 'created' } } as const;
    await appendEvent(queries, Prisma.sql`id = ${id}`, event, timestamp(now));
    return findJob(queries, id);
  });
}

/** Inserts the row of a new job, without an event. */
export async function insertJob(
  database: Database,
  queries: Queries,
  job: NewJob,
  state: Pick<Prisma.JobUncheckedCreateInput, 'status' | 'kind'>,
): Promise<{ id: string; now: Date }> {
  const { target, forkedFrom = null, ...rest } = sanitizeForPostgres(job);
  const origin = { forkedFromJob: forkedFrom?.job, forkedFromCandidate: forkedFrom?.candidate };
  const id = `job_${uuidv7({ msecs: database.milliseconds() })}`;
  const [{ now }] = await queries.$queryRaw<[{ now: Date }]>`SELECT ${database.now()} AS now`;
  await queries.job.create({ data: { id, ...rest, ...target, ...origin, ...state, createdAt: now, enqueuedAt: now } });
  return { id, now };
}

/** A job that is known to exist. */
export async function findJob(queries: Queries, id: string): Promise<Job> {
  return readJob(await queries.job.findUniqueOrThrow({ where: { id }, include: wholeJob }));
}

export async function getJob(database: Database, id: string): Promise<Job | null> {
  const where = { id: sanitizeForPostgres(id) };
  const row = await database.run((queries) => queries.job.findUnique({ where, include: wholeJob }));
  return row && readJob(row);
}

/** Runs `change` on the locked job; `change` returns whether it changed anything. */
async function changeJob(
  database: Database,
  id: string,
  change: (queries: Queries, job: LockedJob) => Promise<boolean>,
): Promise<{ job: Job; changed: boolean } | null> {
  return database.transaction(async (queries) => {
    const job = await lockJob(database, queries, Prisma.sql`id = ${sanitizeForPostgres(id)}`);
    if (!job) return null;
    const changed = await change(queries, job);
    return { job: await findJob(queries, id), changed };
  });
}

export async function cancelJob(database: Database, id: string): Promise<{ job: Job; changed: boolean } | null> {
  return changeJob(database, id, async (queries, job) => {
    if (job.status === 'queued' || job.status === 'waiting') {
      await endAsCanceled(queries, job);
      return true;
    }
    if (job.status !== 'running') return false;
    await queries.$executeRaw`UPDATE jobs SET status = 'canceling' WHERE id = ${id}`;
    await appendEvent(queries, Prisma.sql`id = ${id}`, { type: 'job.canceling', data: {} }, timestamp(job.now));
    await queries.$queryRaw`SELECT pg_notify(${stopChannel}, ${id})::text`;
    return true;
  });
}

export async function retryJob(database: Database, id: string): Promise<{ job: Job; changed: boolean } | null> {
  return changeJob(database, id, async (queries, job) => {
    if (!isRetryable(job)) return false;
    await queueToContinue(queries, job, 'retried');
    return true;
  });
}

export async function setTags(database: Database, id: string, tags: readonly Tag[]): Promise<Job | null> {
  const where = { id: sanitizeForPostgres(id) };
  const data = { tags: tagsSchema.parse(tagSet(tags)) };
  const { count } = await database.run((queries) => queries.job.updateMany({ where, data }));
  return count === 0 ? null : getJob(database, id);
}

/**
 * Deletes the jobs that `where` selects with everything that belongs to them, and wakes their tails and workers. Returns their ids.
 * A worker that holds one of them finds its claim lost.
 */
export async function deleteJobs(database: Database, where: Prisma.Sql): Promise<string[]> {
  const rows = await database.run(
    (queries) => queries.$queryRaw<{ id: string }[]>`
      WITH deleted AS (DELETE FROM jobs WHERE ${where} RETURNING id)
      SELECT id, pg_notify(${eventChannel}, id)::text, pg_notify(${stopChannel}, id)::text FROM deleted`,
  );
  return rows.map(({ id }) => id);
}

export async function deleteJob(database: Database, id: string): Promise<boolean> {
  return (await deleteJobs(database, Prisma.sql`id = ${sanitizeForPostgres(id)}`)).length > 0;
}

export async function listJobs(database: Database, query: ListJobs): Promise<JobPage> {
  const others = otherFilters(query);
  const where = { AND: [others, query.status ? { status: { in: query.status } } : {}, afterCursor(query.cursor)] };
  const [rows, groups] = await database.run((queries) =>
    Promise.all([
      queries.job.findMany({
        ...{ where, include: wholeJob, take: query.limit + 1 },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      }),
      queries.job.groupBy({ by: ['status'], where: others, _count: { _all: true } }),
    ]),
  );
  const page = rows.slice(0, query.limit);
  const hasMore = rows.length > page.length;
  const none = Object.fromEntries(jobStatuses.map((status) => [status, 0])) as Record<JobStatus, number>;
  return {
    data: page.map(readJob),
    hasMore,
    nextCursor: hasMore ? cursorOf(page.at(-1)!) : null,
    counts: { ...none, ...Object.fromEntries(groups.map((group) => [group.status, group._count._all])) },
  };
}

function otherFilters(query: ListJobs): Prisma.JobWhereInput {
  const search = query.search && sanitizeForPostgres(query.search).replace(/[\\%_]/g, '\\$&');
  return {
    kind: { in: query.kind },
    language: query.language,
    model: query.model && sanitizeForPostgres(query.model),
    tags: query.tag && { hasEvery: query.tag },
    ...(search ? { OR: [{ name: { contains: search, mode: 'insensitive' } }, { id: { contains: search } }] } : {}),
  };
}

function cursorOf(row: { createdAt: Date; id: string }): string {
  return Buffer.from(`${row.createdAt.toISOString()} ${row.id}`).toString('base64url');
}

function afterCursor(cursor: string | undefined): Prisma.JobWhereInput {
  if (cursor === undefined) return {};
  const text = Buffer.from(cursor, 'base64url').toString();
  const [, time, id] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (job_[0-9a-f-]{36})$/.exec(text) ?? [];
  const createdAt = new Date(time ?? NaN);
  if (!id || Number.isNaN(createdAt.getTime())) {
    throw new InvalidCursorError(
      'The cursor is not one that a page of jobs has handed out: start from the first page.',
    );
  }
  return { OR: [{ createdAt: { lt: createdAt } }, { createdAt, id: { lt: id } }] };
}

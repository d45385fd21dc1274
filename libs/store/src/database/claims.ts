import {
  statusAfter,
  type JobError,
  type JobStatus,
  type NewEvent,
  type Outcome,
  type StopReason,
} from '@pentimento/contracts';
import { Prisma } from '../../generated/client.ts';
import type { Claim, Ending, Heartbeat, Stranded, Written } from '../types.ts';
import type { Database, Queries } from './client.ts';
import { appendEvent } from './events.ts';
import { storable } from './text.ts';

/** The fence of every write: the claim's token is the job's newest, and the job is still claimed. */
const held = (claim: Claim): Prisma.Sql =>
  Prisma.sql`id = ${claim.jobId} AND token = ${claim.token} AND status IN ('running', 'canceling')`;

const later = (now: Prisma.Sql, ms: number): Prisma.Sql =>
  Prisma.sql`${now} + ${ms}::float8 * interval '1 millisecond'`;

/** Seconds of work up to now. What a dead worker did after its last beat is not known and not counted. */
const spentUntil = (now: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`spent_seconds + greatest(0, coalesce(extract(epoch FROM ${now} - beat_at), 0)::float8)`;

/** A job row under its lock, as far as state changes need it, with the time at which the lock was had. */
export interface LockedJob {
  id: string;
  status: JobStatus;
  token: number;
  recoveries: number;
  best: { overall: number } | null;
  iterations: number;
  now: Date;
}

/** Locks the job until the transaction ends. Null where `where` selects none. */
export async function lockJob(database: Database, queries: Queries, where: Prisma.Sql): Promise<LockedJob | null> {
  const rows = await queries.$queryRaw<LockedJob[]>`
    WITH job AS MATERIALIZED (SELECT * FROM jobs WHERE ${where} FOR NO KEY UPDATE)
    SELECT id, status::text, token, recoveries, best, jsonb_array_length(scores) AS iterations, ${database.now()} AS now
    FROM job`;
  return rows[0] ?? null;
}

/** Runs `write` under the job's lock where the claim still holds. All of it is stored with `written`, or nothing. */
export async function underClaim(
  database: Database,
  claim: Claim,
  write: (queries: Queries, job: LockedJob) => Promise<void>,
): Promise<Written> {
  return database.transaction(async (queries) => {
    const job = await lockJob(database, queries, held(claim));
    if (!job) return 'lost';
    await write(queries, job);
    return 'written';
  });
}

export async function emit(database: Database, claim: Claim, event: NewEvent): Promise<Written> {
  const written = await database.run((queries) => appendEvent(queries, held(claim), event, database.now()));
  return written ? 'written' : 'lost';
}

export async function claimJob(
  database: Database,
  jobId: string,
  worker: string,
  leaseMs: number,
): Promise<Claim | null> {
  const now = database.now();
  const rows = await database.run(
    (queries) => queries.$queryRaw<{ token: number }[]>`
      UPDATE jobs
      SET status = 'running', token = token + 1, worker = ${storable(worker)}, lease_until = ${later(now, leaseMs)},
        beat_at = ${now}, started_at = coalesce(started_at, ${now})
      WHERE id = ${jobId} AND status = 'queued'
      RETURNING token`,
  );
  return rows[0] ? { jobId, token: rows[0].token, worker } : null;
}

export async function heartbeat(database: Database, claim: Claim, leaseMs: number): Promise<Heartbeat> {
  const now = database.now();
  const rows = await database.run(
    (queries) => queries.$queryRaw<{ status: string }[]>`
      UPDATE jobs
      SET lease_until = ${later(now, leaseMs)}, spent_seconds = ${spentUntil(now)}, beat_at = ${now}
      WHERE ${held(claim)}
      RETURNING status::text`,
  );
  if (!rows[0]) return 'lost';
  return rows[0].status === 'canceling' ? 'canceling' : 'held';
}

export async function finish(database: Database, claim: Claim, ending: Ending): Promise<Written> {
  return underClaim(database, claim, async (queries, job) => {
    await endJob(queries, job, job.status === 'canceling' ? afterCancel(job, ending) : ending);
  });
}

/**
 * What a job ends with that the user had asked to cancel. A loop that came to its own end first keeps it: the result is
 * there. One that failed has most likely failed of being stopped: it is what the user asked for.
 */
function afterCancel(job: LockedJob, ending: Ending): Ending {
  return ending.stopReason === 'error'
    ? { ...canceled(job), detail: `Canceled by the user. ${ending.detail}`.trim() }
    : ending;
}

const canceled = (job: LockedJob): Ending => ({
  stopReason: 'user',
  outcome: outcomeOf(job),
  detail: 'Canceled by the user.',
  error: null,
});

/** What a job that was stopped has achieved: its best so far, or nothing to speak of. */
const outcomeOf = (job: LockedJob): Outcome | null => (job.best ? 'best_effort' : null);

export const endAsCanceled = (queries: Queries, job: LockedJob): Promise<void> => endJob(queries, job, canceled(job));

async function endJob(queries: Queries, job: LockedJob, ending: Ending): Promise<void> {
  const status = statusAfter(ending.stopReason, ending.outcome);
  const { outcome, stopReason, detail, error } = storable(ending);
  const at = timestamp(job.now);
  await setEnding(queries, job, { status, outcome, stopReason, detail, error });
  const data = { status, outcome, stopReason, detail, best: job.best?.overall ?? null };
  await appendEvent(queries, Prisma.sql`id = ${job.id}`, { type: 'job.finished', data }, at);
}

interface StoredEnding {
  status: string;
  outcome: Outcome | null;
  stopReason: StopReason;
  detail: string;
  error: JobError | null;
}

async function setEnding(queries: Queries, job: LockedJob, ending: StoredEnding): Promise<void> {
  const now = timestamp(job.now);
  await queries.$executeRaw`
    UPDATE jobs
    SET status = ${ending.status}::"JobStatus", outcome = ${ending.outcome}::"Outcome",
      stop_reason = ${ending.stopReason}::"StopReason", stop_detail = ${ending.detail},
      error = ${ending.error && JSON.stringify(ending.error)}::jsonb, finished_at = ${now},
      spent_seconds = ${spentUntil(now)}, worker = NULL, lease_until = NULL, beat_at = NULL
    WHERE id = ${job.id}`;
}

export async function release(database: Database, claim: Claim): Promise<Written> {
  return underClaim(database, claim, async (queries, job) => {
    if (job.status === 'canceling') return endAsCanceled(queries, job);
    await queries.$executeRaw`UPDATE jobs SET spent_seconds = ${spentUntil(timestamp(job.now))} WHERE id = ${job.id}`;
    await requeue(queries, job, 'recovered');
  });
}

/** Back to queued. The caller holds the lock, and has seen to it that the job's state allows it. */
export async function requeue(queries: Queries, job: LockedJob, reason: 'retried' | 'recovered'): Promise<void> {
  const now = timestamp(job.now);
  await queries.$executeRaw`
    UPDATE jobs
    SET status = 'queued', outcome = NULL, stop_reason = NULL, stop_detail = NULL, error = NULL, finished_at = NULL,
      worker = NULL, lease_until = NULL, beat_at = NULL, offered_at = ${now}
    WHERE id = ${job.id}`;
  await appendEvent(queries, Prisma.sql`id = ${job.id}`, { type: 'job.queued', data: { reason } }, now);
}

export interface SweepOptions {
  queuedMs: number;
  maxRecoveries: number;
}

export async function sweep(database: Database, options: SweepOptions): Promise<Stranded[]> {
  const expired = await database.run(
    (queries) => queries.$queryRaw<{ id: string }[]>`
      SELECT id FROM jobs WHERE ${expiredLease(database)} ORDER BY lease_until`,
  );
  const recovered: Stranded[] = [];
  for (const { id } of expired) {
    const stranded = await recover(database, id, options.maxRecoveries);
    if (stranded) recovered.push(stranded);
  }
  return [...recovered, ...(await unclaimed(database, options.queuedMs))];
}

const expiredLease = (database: Database): Prisma.Sql =>
  Prisma.sql`status IN ('running', 'canceling') AND lease_until < ${database.now()}`;

async function recover(database: Database, id: string, maxRecoveries: number): Promise<Stranded | null> {
  return database.transaction(async (queries) => {
    // Looked at again under the lock: the worker may have come back, or another sweeper have been here.
    const job = await lockJob(database, queries, Prisma.sql`id = ${id} AND ${expiredLease(database)}`);
    if (!job) return null;
    if (job.status === 'canceling') {
      await endAsCanceled(queries, await withoutBeat(queries, job));
      return null;
    }
    if (job.recoveries >= maxRecoveries) {
      await endJob(queries, await withoutBeat(queries, job), workerLost(job));
      return null;
    }
    await queries.$executeRaw`UPDATE jobs SET recoveries = recoveries + 1 WHERE id = ${id}`;
    await requeue(queries, job, 'recovered');
    return { jobId: id, token: job.token, reason: 'dead_worker' };
  });
}

/** The time between a dead worker's last beat and the sweep was no work. */
async function withoutBeat(queries: Queries, job: LockedJob): Promise<LockedJob> {
  await queries.$executeRaw`UPDATE jobs SET beat_at = NULL WHERE id = ${job.id}`;
  return job;
}

function workerLost(job: LockedJob): Ending {
  const times = `${job.recoveries + 1} ${job.recoveries === 0 ? 'worker' : 'workers in a row'}`;
  const message =
    `${times} died at iteration ${job.iterations} of this job without storing anything new; all finished iterations ` +
    "are kept. Look at the server's log for the cause, then retry the job.";
  return {
    stopReason: 'error',
    outcome: outcomeOf(job),
    detail: 'The worker died again and again at the same place.',
    error: { code: 'worker-lost', message },
  };
}

/** Queued jobs that nobody claimed in time. Each is returned once in `queuedMs`, to one of several sweepers. */
async function unclaimed(database: Database, queuedMs: number): Promise<Stranded[]> {
  const now = database.now();
  const rows = await database.run(
    (queries) => queries.$queryRaw<{ id: string; token: number }[]>`
      UPDATE jobs SET offered_at = ${now}
      WHERE status = 'queued' AND offered_at < ${later(now, -queuedMs)}
      RETURNING id, token`,
  );
  return rows.map(({ id, token }) => ({ jobId: id, token, reason: 'lost_enqueue' }));
}

export const timestamp = (at: Date): Prisma.Sql => Prisma.sql`${at}::timestamptz`;

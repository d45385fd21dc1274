import {
  statusAfter,
  type EventData,
  type JobKind,
  type JobStatus,
  type NewEvent,
  type Outcome,
  type RefinementResult,
  type WriteResult,
} from '@pentimento/contracts';
import { Prisma } from '../../generated/client.ts';
import type { Heartbeat } from '../heartbeat.ts';
import type { Claim, FinishResult, OrphanedJob } from '../types.ts';
import type { Database, Queries } from './client.ts';
import { appendEvent } from './events.ts';
import { expiredLeases, extendLease, isExpired, isHeld, takeLease, timestamp, unclaimedRows } from './leases.ts';
import { deleteStalePartialReplies } from './partial-replies.ts';
import { sanitizeForPostgres } from '@pentimento/postgres';
import { forgetUnpaidRound, hasWaitingEdit } from './begun-rounds.ts';

const leaseOf = ({ jobId, token }: Claim) => ({ id: jobId, token });
const held = (claim: Claim): Prisma.Sql => isHeld(leaseOf(claim));

/** Seconds of work up to now. What a dead worker did after its last heartbeat is not known and not counted. */
const spentUntil = (now: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`spent_seconds + greatest(0, coalesce(extract(epoch FROM ${now} - heartbeat_at), 0)::float8)`;

/** What state changes need of a locked job row, with the time at which the lock was taken. */
export interface LockedJob {
  id: string;
  kind: JobKind;
  status: JobStatus;
  token: number;
  recoveries: number;
  best: { overall: number } | null;
  iterations: number;
  /** The first iteration of the round that began last. */
  begun: number | null;
  /** How it ends again after the edits for which it was queued. */
  endsAs: RefinementResult | null;
  now: Date;
}

/** Locks the job until the transaction ends. Null if `where` selects none. */
export async function lockJob(database: Database, queries: Queries, where: Prisma.Sql): Promise<LockedJob | null> {
  const rows = await queries.$queryRaw<LockedJob[]>`
    WITH job AS MATERIALIZED (SELECT * FROM jobs WHERE ${where} FOR NO KEY UPDATE)
    SELECT id, kind::text, status::text, token, recoveries, best, jsonb_array_length(scores) AS iterations,
      begun_iteration AS begun, ends_as AS "endsAs", ${database.now()} AS now
    FROM job`;
  return rows[0] ?? null;
}

/** Runs `write` under the job's lock if the claim still holds. `written`: all of it was stored. `lost`: nothing was. */
export async function underClaim(
  database: Database,
  claim: Claim,
  write: (queries: Queries, job: LockedJob) => Promise<void>,
): Promise<WriteResult> {
  return database.transaction(async (queries) => {
    const job = await lockJob(database, queries, held(claim));
    if (!job) return 'lost';
    await write(queries, job);
    return 'written';
  });
}

export async function emit(database: Database, claim: Claim, event: NewEvent): Promise<WriteResult> {
  const written = await database.run((queries) => appendEvent(queries, held(claim), event, database.now()));
  return written ? 'written' : 'lost';
}

export async function claimJob(
  database: Database,
  jobId: string,
  worker: string,
  leaseMs: number,
): Promise<Claim | null> {
  const token = await takeLease(database, 'jobs', { id: jobId, worker, leaseMs });
  return token === null ? null : { jobId, token, worker };
}

export async function heartbeat(database: Database, claim: Claim, leaseMs: number): Promise<Heartbeat> {
  const now = database.now();
  const changes = Prisma.sql`spent_seconds = ${spentUntil(now)}`;
  return extendLease(database, 'jobs', { lease: leaseOf(claim), leaseMs, now, changes });
}

export async function finish(database: Database, claim: Claim, result: RefinementResult): Promise<FinishResult> {
  let queued = false;
  const written = await underClaim(database, claim, async (queries, job) => {
    const end = job.status === 'canceling' ? afterCancel(job, result) : result;
    queued = runsAgain(job, end) && (await hasWaitingEdit(queries, job.id));
    await (queued ? queueForEdits : endJob)(queries, job, end);
  });
  return queued ? 'queued' : written;
}

/** A job that fails when it was queued for its edits alone is not queued for them again. */
const runsAgain = ({ endsAs }: LockedJob, { stopReason }: RefinementResult): boolean =>
  endsAs === null || stopReason !== 'error';

/**
 * The result of a job that the user asked to cancel. A loop that ended by itself first keeps its result. A loop that failed
 * most likely failed because it was stopped, which is what the user asked for.
 */
function afterCancel(job: LockedJob, result: RefinementResult): RefinementResult {
  return result.stopReason === 'error'
    ? { ...canceled(job), detail: `Canceled by the user. ${result.detail}`.trim() }
    : result;
}

const canceled = (job: LockedJob, detail = 'Canceled by the user.'): RefinementResult => ({
  stopReason: 'user',
  outcome: outcomeOf(job),
  detail,
  error: null,
});

/** Outcome of a job that was stopped: its best candidate so far, if there is one. */
const outcomeOf = (job: LockedJob): Outcome | null => (job.best ? 'best_effort' : null);

export const endAsCanceled = (queries: Queries, job: LockedJob, detail?: string): Promise<void> =>
  endJob(queries, job, canceled(job, detail));

async function endJob(queries: Queries, job: LockedJob, result: RefinementResult): Promise<void> {
  const { outcome, stopReason, detail, error } = sanitizeForPostgres(result);
  const status = statusAfter(stopReason, outcome);
  const at = timestamp(job.now);
  await queries.$executeRaw`
    UPDATE jobs
    SET status = ${status}::"JobStatus", outcome = ${outcome}::"Outcome",
      stop_reason = ${stopReason}::"StopReason", stop_detail = ${detail},
      error = ${error && JSON.stringify(error)}::jsonb, finished_at = ${at},
      spent_seconds = ${spentUntil(at)}, worker = NULL, lease_until = NULL, heartbeat_at = NULL,
      ends_as = NULL
    WHERE id = ${job.id}`;
  const data = { status, outcome, stopReason, detail, best: job.best?.overall ?? null };
  await appendEvent(queries, Prisma.sql`id = ${job.id}`, { type: 'job.finished', data }, at);
}

export async function release(database: Database, claim: Claim): Promise<WriteResult> {
  return underClaim(database, claim, async (queries, job) => {
    if (job.status === 'canceling') return endAsCanceled(queries, job);
    if (job.kind === 'environment') return waitForCaller(queries, job);
    await queries.$executeRaw`UPDATE jobs SET spent_seconds = ${spentUntil(timestamp(job.now))} WHERE id = ${job.id}`;
    await requeue(queries, job, 'recovered');
  });
}

/** Leaves an episode to its caller, who has it until its idle time is over. The caller of this holds the lock. */
export async function waitForCaller(queries: Queries, job: LockedJob): Promise<void> {
  const now = timestamp(job.now);
  await queries.$executeRaw`
    UPDATE jobs
    SET status = 'waiting', spent_seconds = ${spentUntil(now)}, worker = NULL, heartbeat_at = NULL,
      lease_until = ${now} + episodes.idle_ms * interval '1 millisecond'
    FROM episodes WHERE jobs.id = ${job.id} AND episodes.job_id = jobs.id`;
  const event: NewEvent = { type: 'job.waiting', data: { iteration: job.iterations } };
  await appendEvent(queries, Prisma.sql`id = ${job.id}`, event, now);
}

/** Queues the job again. The caller holds the lock and has checked that the job's status allows it. */
async function requeue(queries: Queries, job: LockedJob, reason: EventData<'job.queued'>['reason']): Promise<void> {
  const now = timestamp(job.now);
  await queries.$executeRaw`
    UPDATE jobs
    SET status = 'queued', outcome = NULL, stop_reason = NULL, stop_detail = NULL, error = NULL, finished_at = NULL,
      worker = NULL, lease_until = NULL, heartbeat_at = NULL, enqueued_at = ${now}
    WHERE id = ${job.id}`;
  await appendEvent(queries, Prisma.sql`id = ${job.id}`, { type: 'job.queued', data: { reason } }, now);
}

/** Queues an ended job again, to go on. The caller holds the lock. */
export async function queueToContinue(
  queries: Queries,
  job: LockedJob,
  reason: 'retried' | 'continued' = 'continued',
): Promise<void> {
  await forgetUnpaidRound(queries, job);
  await queries.$executeRaw`UPDATE jobs SET recoveries = 0, ends_as = NULL WHERE id = ${job.id}`;
  await requeue(queries, job, reason);
}

/** Queues a job for the edits that wait, after which it ends as `end` says. The caller holds the lock. */
export async function queueForEdits(queries: Queries, job: LockedJob, end: RefinementResult): Promise<void> {
  await forgetUnpaidRound(queries, job);
  await queries.$executeRaw`
    UPDATE jobs
    SET recoveries = 0, ends_as = ${JSON.stringify(end)}::jsonb, spent_seconds = ${spentUntil(timestamp(job.now))}
    WHERE id = ${job.id}`;
  await requeue(queries, job, 'edited');
}

export interface SweepOptions {
  queuedMs: number;
  maxRecoveries: number;
}

export async function sweep(database: Database, options: SweepOptions): Promise<OrphanedJob[]> {
  await deleteStalePartialReplies(database);
  const recovered: OrphanedJob[] = [];
  for (const id of await expiredLeases(database, 'jobs')) {
    const orphaned = await recover(database, id, options.maxRecoveries);
    if (orphaned) recovered.push(orphaned);
  }
  const unclaimed = await unclaimedRows(database, 'jobs', options.queuedMs);
  return [...recovered, ...unclaimed.map(({ id, token }) => ({ jobId: id, token, reason: 'lost_enqueue' as const }))];
}

/** Takes a job from a worker or caller that is gone. Returns it where it is to be enqueued. */
export async function recover(database: Database, id: string, maxRecoveries: number): Promise<OrphanedJob | null> {
  return database.transaction(async (queries) => {
    // Checked again under the lock: the worker may have come back, or another sweeper may have been faster.
    const job = await lockJob(database, queries, Prisma.sql`id = ${id} AND ${isExpired(database)}`);
    if (!job) return null;
    if (job.status === 'canceling') {
      await endAsCanceled(queries, await withoutHeartbeat(queries, job));
      return null;
    }
    if (job.status === 'waiting') {
      await endAsCanceled(queries, job, await idleDetail(queries, job));
      return null;
    }
    if (job.recoveries >= maxRecoveries) {
      await endJob(queries, await withoutHeartbeat(queries, job), workerLost(job));
      return null;
    }
    await queries.$executeRaw`UPDATE jobs SET recoveries = recoveries + 1 WHERE id = ${id}`;
    if (job.kind === 'environment') {
      await waitForCaller(queries, await withoutHeartbeat(queries, job));
      return null;
    }
    await requeue(queries, job, 'recovered');
    return { jobId: id, token: job.token, reason: 'dead_worker' };
  });
}

/** The time between a dead worker's last heartbeat and the sweep does not count as work. */
async function withoutHeartbeat(queries: Queries, job: LockedJob): Promise<LockedJob> {
  await queries.$executeRaw`UPDATE jobs SET heartbeat_at = NULL WHERE id = ${job.id}`;
  return job;
}

async function idleDetail(queries: Queries, { id }: LockedJob): Promise<string> {
  const { idleMs } = await queries.episode.findUniqueOrThrow({ where: { jobId: id }, select: { idleMs: true } });
  return `No step came within ${idleMs / 1000} seconds.`;
}

function workerLost(job: LockedJob): RefinementResult {
  const times = `${job.recoveries + 1} ${job.recoveries === 0 ? 'worker' : 'workers in a row'}`;
  const message =
    `${times} died at iteration ${job.iterations} of this job without storing anything new; all finished iterations ` +
    `are kept. Look at the server's log for the cause, then ${job.kind === 'environment' ? 'reset the session' : 'retry the job'}.`;
  return {
    stopReason: 'error',
    outcome: outcomeOf(job),
    detail: 'Workers died repeatedly at the same iteration.',
    error: { code: 'worker-lost', message },
  };
}

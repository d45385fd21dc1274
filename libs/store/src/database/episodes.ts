import { isFinal, jobStatuses, type OpenTurn, type WriteResult } from '@pentimento/contracts';
import { Prisma } from '../../generated/client.ts';
import type { Claim, Episodes, EpisodeState, NewEpisode, NewJob } from '../types.ts';
import { endAsCanceled, lockJob, recover, underClaim, waitForCaller } from './claims.ts';
import type { Database, Queries } from './client.ts';
import { appendEvent } from './events.ts';
import { findJob, insertJob } from './jobs.ts';
import { later, timestamp } from './leases.ts';
import { readJob, wholeJob } from './rows.ts';
import { sanitizeForPostgres } from '@pentimento/postgres';

/** Key of the advisory lock under which episodes begin, one after the other, so that they can be counted. */
const beginLock = 72707371;

export function createEpisodes(database: Database): Episodes {
  return {
    begin: (job, episode, by) => begin(database, job, episode, by),
    find: (session) => findNewest(database, session),
    claim: (found, worker, limits) => claimEpisode(database, found, worker, limits),
    open: (claim, turn) => open(database, claim, turn),
    end: (session) => end(database, session),
  };
}

async function begin(
  database: Database,
  job: NewJob,
  { maxOpen, ...input }: NewEpisode,
  { worker, leaseMs }: { worker: string; leaseMs: number },
): ReturnType<Episodes['begin']> {
  const episode = sanitizeForPostgres(input);
  const { session } = episode;
  return database.transaction(async (queries) => {
    await queries.$executeRaw`SELECT pg_advisory_xact_lock(${beginLock})`;
    const earlier = await queries.episode.findFirst({ where: { session }, orderBy: { number: 'desc' } });
    const status = { in: jobStatuses.filter((each) => !isFinal(each)) };
    const open = await queries.job.count({ where: { kind: 'environment', status, NOT: { id: earlier?.jobId ?? '' } } });
    if (open >= maxOpen) return 'full';
    if (earlier) await endUnfinished(database, queries, earlier.jobId, 'A reset has begun a new episode.');

    const { id, now } = await insertJob(database, queries, job, { status: 'running', kind: 'environment' });
    await queries.episode.create({ data: { ...episode, jobId: id, number: (earlier?.number ?? 0) + 1 } });
    const at = timestamp(now);
    await queries.$executeRaw`
      UPDATE jobs SET token = 1, worker = ${worker}, lease_until = ${later(at, leaseMs)}, heartbeat_at = ${at}, started_at = ${at}
      WHERE id = ${id}`;
    const event = { type: 'job.started', data: { worker, fromIteration: 0 } } as const;
    await appendEvent(queries, Prisma.sql`id = ${id}`, event, at);
    return { job: await findJob(queries, id), claim: { jobId: id, token: 1, worker } };
  });
}

/** Ends the job at once, also under a worker, which then finds its claim lost. */
async function endUnfinished(database: Database, queries: Queries, id: string, detail?: string): Promise<void> {
  const job = await lockJob(database, queries, Prisma.sql`id = ${id}`);
  if (job && !isFinal(job.status)) await endAsCanceled(queries, job, detail);
}

async function findNewest(database: Database, session: string): Promise<EpisodeState | null> {
  const row = await database.run((queries) =>
    queries.episode.findFirst({
      where: { session: sanitizeForPostgres(session) },
      orderBy: { number: 'desc' },
      include: { job: { include: wholeJob } },
    }),
  );
  if (!row) return null;
  const { iteration, prompt, startedAt, imagesAsBlobs } = row;
  const job = readJob(row.job);
  // A turn that was answered stays here until the next one is given out.
  const isOpen = !isFinal(job.status) && iteration === job.scores.length;
  return {
    job,
    token: row.job.token,
    imagesAsBlobs,
    turn: isOpen ? { iteration, prompt: prompt!, startedAt: startedAt!.toISOString() } : null,
    expiresAt: job.status === 'waiting' ? (row.job.leaseUntil?.toISOString() ?? null) : null,
  };
}

async function claimEpisode(
  database: Database,
  found: { jobId: string; token: number },
  worker: string,
  limits: { leaseMs: number; maxRecoveries: number },
): Promise<Claim | null> {
  const claim = await claimWaiting(database, found, worker, limits.leaseMs);
  if (claim) return claim;
  // The worker of the last step may be gone, and the sweeper has not come by yet.
  await recover(database, found.jobId, limits.maxRecoveries);
  return claimWaiting(database, found, worker, limits.leaseMs);
}

async function claimWaiting(
  database: Database,
  { jobId, token }: { jobId: string; token: number },
  worker: string,
  leaseMs: number,
): Promise<Claim | null> {
  return database.transaction(async (queries) => {
    const job = await lockJob(database, queries, Prisma.sql`id = ${jobId} AND token = ${token} AND status = 'waiting'`);
    if (!job) return null;
    const now = timestamp(job.now);
    await queries.$executeRaw`
      UPDATE jobs
      SET status = 'running', token = token + 1, worker = ${worker}, lease_until = ${later(now, leaseMs)}, heartbeat_at = ${now}
      WHERE id = ${jobId}`;
    const event = { type: 'job.started', data: { worker, fromIteration: job.iterations } } as const;
    await appendEvent(queries, Prisma.sql`id = ${jobId}`, event, now);
    return { jobId, token: job.token + 1, worker };
  });
}

async function open(database: Database, claim: Claim, turn: OpenTurn): Promise<WriteResult> {
  return underClaim(database, claim, async (queries, job) => {
    if (job.status === 'canceling') return endAsCanceled(queries, job);
    await queries.episode.update({ where: { jobId: job.id }, data: turn });
    await waitForCaller(queries, job);
  });
}

async function end(database: Database, session: string): Promise<boolean> {
  return database.transaction(async (queries) => {
    const where = { session: sanitizeForPostgres(session) };
    const newest = await queries.episode.findFirst({ where, orderBy: { number: 'desc' } });
    if (!newest) return false;
    await endUnfinished(database, queries, newest.jobId);
    return true;
  });
}

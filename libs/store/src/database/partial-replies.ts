import { partialReplySchema, type PartialReply, type ReplyPosition, type WriteResult } from '@pentimento/contracts';
import { Bell, OutageError, pollMs, sanitizeForPostgres } from '@pentimento/postgres';
import type { Claim, PartialReplies } from '../types.ts';
import { partialReplyChannel, type JobListener } from './channels.ts';
import type { Database } from './client.ts';
import { isHeld } from './leases.ts';

export function createPartialReplies(database: Database, listener: JobListener): PartialReplies {
  return {
    write: (claim, replies, ended) => write(database, claim, replies, ended),
    list: (jobId) => list(database, jobId),
    tail: (jobId, signal) => tail(database, listener, jobId, signal),
  };
}

/** Takes no lock on the job, so that it never waits for the loop: a row of a newer claim is left alone instead. */
async function write(
  database: Database,
  claim: Claim,
  replies: readonly PartialReply[],
  ended: readonly ReplyPosition[],
): Promise<WriteResult> {
  const written = JSON.stringify(replies.map((reply) => sanitizeForPostgres(partialReplySchema.parse(reply))));
  const rows = await database.run(
    (queries) => queries.$queryRaw<unknown[]>`
      WITH job AS (SELECT id, token FROM jobs WHERE ${isHeld({ id: claim.jobId, token: claim.token })}),
        ended AS (
          DELETE FROM partial_replies AS shown
          USING job, jsonb_to_recordset(${JSON.stringify(ended)}::jsonb) AS gone(iteration int, candidate int)
          WHERE shown.job_id = job.id AND shown.token <= job.token
            AND shown.iteration = gone.iteration AND shown.candidate = gone.candidate
        ),
        written AS (
          INSERT INTO partial_replies AS shown (job_id, iteration, candidate, token, reply)
          SELECT job.id, (reply ->> 'iteration')::int, (reply ->> 'candidate')::int, job.token, reply
          FROM job, jsonb_array_elements(${written}::jsonb) AS reply
          ON CONFLICT (job_id, iteration, candidate) DO UPDATE SET token = excluded.token, reply = excluded.reply
          WHERE shown.token <= excluded.token
        )
      SELECT pg_notify(${partialReplyChannel}, id)::text FROM job`,
  );
  return rows.length > 0 ? 'written' : 'lost';
}

/** What a dead worker left is not among them: its lease expires, and the next claim has another token. */
async function list(database: Database, jobId: string): Promise<PartialReply[]> {
  const rows = await database.run(
    (queries) => queries.$queryRaw<{ reply: unknown }[]>`
      SELECT shown.reply FROM partial_replies AS shown JOIN jobs ON jobs.id = shown.job_id AND jobs.token = shown.token
      WHERE shown.job_id = ${sanitizeForPostgres(jobId)} AND jobs.status IN ('running', 'canceling')
        AND jobs.lease_until >= ${database.now()}
      ORDER BY shown.iteration, shown.candidate`,
  );
  return rows.map(({ reply }) => partialReplySchema.parse(reply));
}

async function* tail(
  database: Database,
  listener: JobListener,
  jobId: string,
  signal: AbortSignal,
): AsyncGenerator<PartialReply[]> {
  const bell = new Bell(signal);
  const unsubscribe = listener.subscribe(partialReplyChannel, jobId, () => bell.ring());
  let last: string | undefined;
  try {
    while (!signal.aborted && !listener.closed) {
      bell.reset();
      const replies = await Promise.race([listUnlessOut(database, listener, jobId), bell.aborted.then(() => null)]);
      const state = replies && stateOf(replies);
      if (replies && !signal.aborted && state !== last) yield replies;
      last = state ?? last;
      await bell.wait(pollMs);
    }
  } finally {
    unsubscribe();
    bell.close();
  }
}

/** Null during an outage. */
async function listUnlessOut(database: Database, listener: JobListener, jobId: string): Promise<PartialReply[] | null> {
  try {
    return await list(database, jobId);
  } catch (error) {
    if (listener.closed || error instanceof OutageError) return null;
    throw error;
  }
}

/** The same for the same replies. A text that grows changes its length. */
const stateOf = (replies: readonly PartialReply[]): string =>
  JSON.stringify(replies, (key, value: unknown) => (key === 'text' || key === 'reasoning' ? undefined : value));

/** Deletes what dead workers and lost claims left. */
export async function deleteStalePartialReplies(database: Database): Promise<void> {
  await database.run(
    (queries) => queries.$executeRaw`
      DELETE FROM partial_replies AS shown USING jobs
      WHERE jobs.id = shown.job_id AND (jobs.token <> shown.token OR jobs.status NOT IN ('running', 'canceling'))`,
  );
}

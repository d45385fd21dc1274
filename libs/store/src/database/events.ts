import { eventDataSchemas, type JobEvent, type NewEvent } from '@pentimento/contracts';
import { Prisma } from '../../generated/client.ts';
import { eventChannel } from './channels.ts';
import type { Database, Queries } from './client.ts';
import { readEvent } from './rows.ts';
import { sanitizeForPostgres } from '@pentimento/postgres';

/**
 * Appends the event to the job that `where` selects. False if it selects none. The sequence number is taken under the job
 * row's lock, which lasts until the transaction ends, so numbers have no gaps or duplicates and become visible in order.
 *
 * @param changes of the job's row by the same statement, beginning with a comma.
 */
export async function appendEvent(
  queries: Queries,
  where: Prisma.Sql,
  event: NewEvent,
  at: Prisma.Sql,
  changes: Prisma.Sql = Prisma.empty,
): Promise<boolean> {
  const data = JSON.stringify(sanitizeForPostgres(eventDataSchemas[event.type].parse(event.data)));
  const rows = await queries.$queryRaw<unknown[]>`
    WITH job AS (UPDATE jobs SET last_seq = last_seq + 1 ${changes} WHERE ${where} RETURNING id, last_seq),
      event AS (
        INSERT INTO events (job_id, seq, type, data, at)
        SELECT id, last_seq, ${event.type}, ${data}::jsonb, ${at} FROM job
        RETURNING job_id
      )
    SELECT pg_notify(${eventChannel}, job_id)::text FROM event`;
  return rows.length > 0;
}

export async function listEvents(
  database: Database,
  jobId: string,
  after: number,
  limit?: number,
): Promise<JobEvent[]> {
  const rows = await database.run((queries) =>
    queries.event.findMany({ where: { jobId, seq: { gt: after } }, orderBy: { seq: 'asc' }, take: limit }),
  );
  return rows.map(readEvent);
}

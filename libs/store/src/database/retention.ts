import { isFinal, jobStatuses, type Retention } from '@pentimento/contracts';
import { Prisma } from '../../generated/client.ts';
import type { Database } from './client.ts';
import { deleteJobs } from './jobs.ts';

/** Jobs in one statement: the deletion of a job cascades to all of its rows. */
const batchSize = 20;

const finalStatuses = jobStatuses.filter(isFinal).map((status) => `'${status}'`);
/** The condition that a row of `jobs` has a final status. */
export const hasEnded = Prisma.raw(`status IN (${finalStatuses.join(', ')})`);

/** Selects the ended jobs that the retention does not keep. */
export function isExpired(database: Database, { maxAgeDays, maxJobs }: Retention): Prisma.Sql {
  const rules: Prisma.Sql[] = [];
  if (maxAgeDays !== null) {
    rules.push(Prisma.sql`finished_at < ${database.now()} - ${maxAgeDays}::float8 * interval '1 day'`);
  }
  if (maxJobs !== null) {
    rules.push(Prisma.sql`id IN (
      SELECT id FROM jobs WHERE ${hasEnded} ORDER BY finished_at DESC, id DESC OFFSET ${maxJobs}::int)`);
  }
  return rules.length === 0 ? Prisma.sql`false` : Prisma.sql`${hasEnded} AND (${Prisma.join(rules, ' OR ')})`;
}

/** Deletes the expired jobs, unless they are retried meanwhile. Returns how many. */
export async function deleteExpired(database: Database, retention: Retention, signal?: AbortSignal): Promise<number> {
  const expired = isExpired(database, retention);
  let deleted = 0;
  for (let last = batchSize; last > 0 && !signal?.aborted; deleted += last) {
    const batch = Prisma.sql`id IN (SELECT id FROM jobs WHERE ${expired} ORDER BY id LIMIT ${batchSize})`;
    // A job that is being retried is checked again once its row is free.
    last = (await deleteJobs(database, Prisma.sql`${batch} AND ${hasEnded}`)).length;
  }
  return deleted;
}

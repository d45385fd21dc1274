import { Prisma } from '../../generated/client.ts';
import type { Heartbeat } from '../heartbeat.ts';
import type { Database } from './client.ts';
import { sanitizeForPostgres } from '@pentimento/postgres';

/**
 * Tables whose rows are work: a worker claims a row under a fencing token and holds it for a lease, which heartbeats extend. Both have the
 * columns `status`, `token`, `worker`, `lease_until`, `heartbeat_at`, `recoveries`, `enqueued_at` and `started_at`.
 */
export type WorkTable = 'jobs' | 'exports';

/** A worker's hold on a row, by its token. */
interface Lease {
  id: string;
  token: number;
}

const nameOf = (table: WorkTable): Prisma.Sql => Prisma.raw(table);

export const later = (now: Prisma.Sql, ms: number): Prisma.Sql =>
  Prisma.sql`${now} + ${ms}::float8 * interval '1 millisecond'`;

/** The fence of every write: the token is the row's newest, and the row is still claimed. */
export const isHeld = ({ id, token }: Lease): Prisma.Sql =>
  Prisma.sql`id = ${id} AND token = ${token} AND status IN ('running', 'canceling')`;

export const isExpired = (database: Database): Prisma.Sql =>
  Prisma.sql`status::text IN ('running', 'waiting', 'canceling') AND lease_until < ${database.now()}`;

/** Returns the new token; null where the row is not queued. */
export async function takeLease(
  database: Database,
  table: WorkTable,
  { id, worker, leaseMs }: { id: string; worker: string; leaseMs: number },
): Promise<number | null> {
  const now = database.now();
  const rows = await database.run(
    (queries) => queries.$queryRaw<{ token: number }[]>`
      UPDATE ${nameOf(table)}
      SET status = 'running', token = token + 1, worker = ${sanitizeForPostgres(worker)}, lease_until = ${later(now, leaseMs)},
        heartbeat_at = ${now}, started_at = coalesce(started_at, ${now})
      WHERE id = ${id} AND status = 'queued'
      RETURNING token`,
  );
  return rows[0]?.token ?? null;
}

/** Extends the lease from `now`, and sets the columns in `changes` in the same write. */
export async function extendLease(
  database: Database,
  table: WorkTable,
  { lease, leaseMs, now, changes }: { lease: Lease; leaseMs: number; now: Prisma.Sql; changes: Prisma.Sql },
): Promise<Heartbeat> {
  const rows = await database.run(
    (queries) => queries.$queryRaw<{ status: string }[]>`
      UPDATE ${nameOf(table)} SET lease_until = ${later(now, leaseMs)}, heartbeat_at = ${now}, ${changes}
      WHERE ${isHeld(lease)}
      RETURNING status::text`,
  );
  if (!rows[0]) return 'lost';
  return rows[0].status === 'canceling' ? 'canceling' : 'held';
}

/** The rows whose worker is gone, those with the oldest lease first. */
export async function expiredLeases(database: Database, table: WorkTable): Promise<string[]> {
  const rows = await database.run(
    (queries) => queries.$queryRaw<{ id: string }[]>`
      SELECT id FROM ${nameOf(table)} WHERE ${isExpired(database)} ORDER BY lease_until`,
  );
  return rows.map(({ id }) => id);
}

/** Queued rows that no worker claimed in time. Each is returned once per `queuedMs`, to one of several sweepers. */
export async function unclaimedRows(database: Database, table: WorkTable, queuedMs: number): Promise<Lease[]> {
  const now = database.now();
  return database.run(
    (queries) => queries.$queryRaw<Lease[]>`
      UPDATE ${nameOf(table)} SET enqueued_at = ${now}
      WHERE status = 'queued' AND enqueued_at < ${later(now, -queuedMs)}
      RETURNING id, token`,
  );
}

export const timestamp = (at: Date): Prisma.Sql => Prisma.sql`${at}::timestamptz`;

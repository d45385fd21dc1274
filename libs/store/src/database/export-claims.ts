import type { ExportProgress, ExportStatus, JobError, WriteResult } from '@pentimento/contracts';
import { Prisma } from '../../generated/client.ts';
import type { ExportClaim, ExportResult, OrphanedExport } from '../export-types.ts';
import type { Heartbeat } from '../heartbeat.ts';
import type { Database, Queries } from './client.ts';
import { expiredLeases, extendLease, isExpired, isHeld, takeLease, timestamp, unclaimedRows } from './leases.ts';
import { sanitizeForPostgres } from '@pentimento/postgres';

const leaseOf = ({ exportId, token }: ExportClaim) => ({ id: exportId, token });

/** Rows of `export_files` in one statement, and how long the transaction that ends an export may take. */
const fileBatch = 5_000;
const finishMs = 300_000;

/** What state changes need of a locked export row, with the time at which the lock was taken. */
export interface LockedExport {
  id: string;
  status: ExportStatus;
  token: number;
  recoveries: number;
  now: Date;
}

/** Locks the export until the transaction ends. Null if `where` selects none. */
export async function lockExport(
  database: Database,
  queries: Queries,
  where: Prisma.Sql,
): Promise<LockedExport | null> {
  const rows = await queries.$queryRaw<LockedExport[]>`
    WITH export AS MATERIALIZED (SELECT * FROM exports WHERE ${where} FOR NO KEY UPDATE)
    SELECT id, status::text, token, recoveries, ${database.now()} AS now FROM export`;
  return rows[0] ?? null;
}

export async function claimExport(
  database: Database,
  exportId: string,
  worker: string,
  leaseMs: number,
): Promise<ExportClaim | null> {
  const token = await takeLease(database, 'exports', { id: exportId, worker, leaseMs });
  return token === null ? null : { exportId, token, worker };
}

export async function extendExport(
  database: Database,
  claim: ExportClaim,
  leaseMs: number,
  progress: ExportProgress,
): Promise<Heartbeat> {
  const changes = Prisma.sql`progress = ${JSON.stringify(progress)}::jsonb`;
  return extendLease(database, 'exports', { lease: leaseOf(claim), leaseMs, now: database.now(), changes });
}

/** Runs `write` under the export's lock if the claim still holds. `written`: all of it was stored. `lost`: nothing was. */
async function underClaim(
  database: Database,
  claim: ExportClaim,
  write: (queries: Queries, row: LockedExport) => Promise<void>,
): Promise<WriteResult> {
  return database.transaction(async (queries) => {
    const row = await lockExport(database, queries, isHeld(leaseOf(claim)));
    if (!row) return 'lost';
    await write(queries, row);
    return 'written';
  }, finishMs);
}

export async function finishExport(
  database: Database,
  claim: ExportClaim,
  result: ExportResult,
  progress: ExportProgress,
): Promise<WriteResult> {
  return underClaim(database, claim, async (queries, row) => {
    const wasCanceled = row.status === 'canceling' && result.status === 'failed';
    if (result.status === 'succeeded') await storeFiles(queries, row.id, result.files);
    await queries.$executeRaw`UPDATE exports SET progress = ${JSON.stringify(progress)}::jsonb WHERE id = ${row.id}`;
    await endExport(queries, row, wasCanceled ? { status: 'canceled' } : result);
  });
}

async function storeFiles(
  queries: Queries,
  exportId: string,
  files: Extract<ExportResult, { status: 'succeeded' }>['files'],
): Promise<void> {
  for (let at = 0; at < files.length; at += fileBatch) {
    const batch = files.slice(at, at + fileBatch);
    const [paths, blobs] = [batch.map(({ path }) => path), batch.map(({ sha256 }) => sha256)];
    await queries.$executeRaw`
      INSERT INTO export_files (export_id, path, blob)
      SELECT ${exportId}, path, blob FROM unnest(${paths}::text[], ${blobs}::text[]) AS file (path, blob)`;
  }
}

export async function endExport(queries: Queries, row: LockedExport, result: ExportResult): Promise<void> {
  const manifest = result.status === 'succeeded' ? JSON.stringify(sanitizeForPostgres(result.manifest)) : null;
  const error = result.status === 'failed' ? JSON.stringify(sanitizeForPostgres(result.error)) : null;
  await queries.$executeRaw`
    UPDATE exports
    SET status = ${result.status}::"ExportStatus", manifest = ${manifest}::jsonb, error = ${error}::jsonb,
      finished_at = ${timestamp(row.now)}, worker = NULL, lease_until = NULL, heartbeat_at = NULL
    WHERE id = ${row.id}`;
}

export async function releaseExport(database: Database, claim: ExportClaim): Promise<WriteResult> {
  return underClaim(database, claim, async (queries, row) => {
    if (row.status === 'canceling') await endExport(queries, row, { status: 'canceled' });
    else await requeueExport(queries, row);
  });
}

/** Queues the export again. The caller holds the lock and has checked that the export's status allows it. */
export async function requeueExport(queries: Queries, row: LockedExport): Promise<void> {
  await queries.$executeRaw`
    UPDATE exports
    SET status = 'queued', error = NULL, finished_at = NULL, worker = NULL, lease_until = NULL, heartbeat_at = NULL,
      enqueued_at = ${timestamp(row.now)}
    WHERE id = ${row.id}`;
}

export async function sweepExports(
  database: Database,
  { queuedMs, maxRecoveries }: { queuedMs: number; maxRecoveries: number },
): Promise<OrphanedExport[]> {
  const recovered: OrphanedExport[] = [];
  for (const id of await expiredLeases(database, 'exports')) {
    const orphaned = await recover(database, id, maxRecoveries);
    if (orphaned) recovered.push(orphaned);
  }
  const unclaimed = await unclaimedRows(database, 'exports', queuedMs);
  return [
    ...recovered,
    ...unclaimed.map(({ id, token }) => ({ exportId: id, token, reason: 'lost_enqueue' as const })),
  ];
}

async function recover(database: Database, id: string, maxRecoveries: number): Promise<OrphanedExport | null> {
  return database.transaction(async (queries) => {
    // Checked again under the lock: the worker may have come back, or another sweeper may have been faster.
    const row = await lockExport(database, queries, Prisma.sql`id = ${id} AND ${isExpired(database)}`);
    if (!row) return null;
    if (row.status === 'canceling') {
      await endExport(queries, row, { status: 'canceled' });
      return null;
    }
    if (row.recoveries >= maxRecoveries) {
      await endExport(queries, row, { status: 'failed', error: workerLost(row) });
      return null;
    }
    await queries.$executeRaw`UPDATE exports SET recoveries = recoveries + 1 WHERE id = ${id}`;
    await requeueExport(queries, row);
    return { exportId: id, token: row.token, reason: 'dead_worker' };
  });
}

function workerLost({ recoveries }: LockedExport): JobError {
  const times = recoveries === 0 ? 'The worker' : `${recoveries + 1} workers`;
  const message = `${times} died while making this export, and no file of it is kept. Look at the server's log for the cause, then retry the export.`;
  return { code: 'worker-lost', message };
}

import {
  isExportRetryable,
  type Export,
  type ExportFile,
  type ExportFilePage,
  type ExportPage,
  type ExportProgress,
  type ListExportFiles,
  type ListExports,
} from '@pentimento/contracts';
import { v7 as uuidv7 } from 'uuid';
import { Prisma } from '../../generated/client.ts';
import type { Exports, NewExport } from '../export-types.ts';
import type { Database, Queries } from './client.ts';
import * as claims from './export-claims.ts';
import { readExport } from './rows.ts';
import { sanitizeForPostgres } from '@pentimento/postgres';
import { countTraces, listTargets, listTraceJobs } from './trace-selection.ts';

const noProgress: ExportProgress = { traces: 0, total: null, rows: 0, bytes: 0 };

export function createExports(database: Database): Exports {
  return {
    create: (input) => createExport(database, input),
    get: (id) => getExport(database, id),
    list: (query) => listExports(database, query),
    cancel: (id) => changeExport(database, id, (queries, row) => cancelLocked(queries, row)),
    retry: (id) => changeExport(database, id, (queries, row) => retryLocked(queries, row)),
    delete: (id) => deleteExport(database, id),
    listFiles: (id, query) => listFiles(database, id, query),
    getFile: (id, path) => getFile(database, id, path),
    claim: (id, worker, leaseMs) => claims.claimExport(database, id, worker, leaseMs),
    heartbeat: (claim, leaseMs, progress) => claims.extendExport(database, claim, leaseMs, progress),
    finish: (claim, result, progress) => claims.finishExport(database, claim, result, progress),
    release: (claim) => claims.releaseExport(database, claim),
    sweep: (limits) => claims.sweepExports(database, limits),
    countTraces: (selection) => countTraces(database, selection),
    listTargets: (selection, after, limit) => listTargets(database, selection, after, limit),
    listTraceJobs: (selection, after, limit) => listTraceJobs(database, selection, after, limit),
  };
}

async function createExport(database: Database, input: NewExport): Promise<Export> {
  const id = `export_${uuidv7({ msecs: database.milliseconds() })}`;
  return database.transaction(async (queries) => {
    const [{ now }] = await queries.$queryRaw<[{ now: Date }]>`SELECT ${database.now()} AS now`;
    const data = { id, ...sanitizeForPostgres(input), progress: noProgress, createdAt: now, enqueuedAt: now };
    return readExport(await queries.export.create({ data: { ...data, status: 'queued' } }));
  });
}

async function getExport(database: Database, id: string): Promise<Export | null> {
  const row = await database.run((queries) => queries.export.findUnique({ where: { id: sanitizeForPostgres(id) } }));
  return row && readExport(row);
}

/** By id: a UUIDv7 grows with time. */
async function listExports(database: Database, { limit, cursor }: ListExports): Promise<ExportPage> {
  const where = cursor === undefined ? {} : { id: { lt: cursor } };
  const rows = await database.run((queries) =>
    queries.export.findMany({ where, orderBy: { id: 'desc' }, take: limit + 1 }),
  );
  const data = rows.slice(0, limit).map(readExport);
  return { data, nextCursor: rows.length > limit ? data.at(-1)!.id : null };
}

/** Runs `change` on the locked export; `change` returns whether it changed anything. */
async function changeExport(
  database: Database,
  id: string,
  change: (queries: Queries, row: claims.LockedExport) => Promise<boolean>,
): Promise<{ changed: boolean; export: Export } | null> {
  return database.transaction(async (queries) => {
    const row = await claims.lockExport(database, queries, Prisma.sql`id = ${sanitizeForPostgres(id)}`);
    if (!row) return null;
    const changed = await change(queries, row);
    return { changed, export: readExport(await queries.export.findUniqueOrThrow({ where: { id: row.id } })) };
  });
}

async function cancelLocked(queries: Queries, row: claims.LockedExport): Promise<boolean> {
  if (row.status === 'queued') await claims.endExport(queries, row, { status: 'canceled' });
  else if (row.status === 'running')
    await queries.$executeRaw`UPDATE exports SET status = 'canceling' WHERE id = ${row.id}`;
  else return false;
  return true;
}

async function retryLocked(queries: Queries, row: claims.LockedExport): Promise<boolean> {
  if (!isExportRetryable(row.status)) return false;
  const progress = JSON.stringify(noProgress);
  await queries.$executeRaw`UPDATE exports SET recoveries = 0, progress = ${progress}::jsonb WHERE id = ${row.id}`;
  await claims.requeueExport(queries, row);
  return true;
}

async function deleteExport(database: Database, id: string): Promise<boolean> {
  const { count } = await database.run((queries) =>
    queries.export.deleteMany({ where: { id: sanitizeForPostgres(id) } }),
  );
  return count > 0;
}

async function listFiles(
  database: Database,
  exportId: string,
  { limit, cursor }: ListExportFiles,
): Promise<ExportFilePage> {
  const where = { exportId, path: cursor === undefined ? {} : { gt: sanitizeForPostgres(cursor) } };
  const rows = await database.run((queries) =>
    queries.exportFile.findMany({ where, orderBy: { path: 'asc' }, take: limit + 1, include: withBytes }),
  );
  const data = rows.slice(0, limit).map(readFile);
  return { data, nextCursor: rows.length > limit ? data.at(-1)!.path : null };
}

async function getFile(database: Database, exportId: string, path: string): Promise<ExportFile | null> {
  const where = { exportId_path: { exportId, path: sanitizeForPostgres(path) } };
  const row = await database.run((queries) => queries.exportFile.findUnique({ where, include: withBytes }));
  return row && readFile(row);
}

const withBytes = { blobFile: { select: { bytes: true } } } as const;

const readFile = (row: Prisma.ExportFileGetPayload<{ include: typeof withBytes }>): ExportFile => ({
  path: row.path,
  bytes: Number(row.blobFile.bytes),
  sha256: row.blob,
});

import pLimit from 'p-limit';
import { Prisma } from '../../generated/client.ts';
import { BlobMismatchError, isBlobId, type BlobStore } from '@pentimento/blob-store';
import { readWhole } from './blobs.ts';
import type { Database } from './client.ts';

/**
 * Deletes blobs that no row names. docs/decisions/0024-blob-collection.md has the reasons. The order is what makes it safe
 * while jobs and other processes run:
 *
 * - A put writes the row first and the bytes second, and each put renews `last_put_at`.
 * - A row is deleted only when its grace has passed and no row names it. The grace is longer than the time between a put
 *   and the row that names the blob; the foreign keys refuse the deletion if a row names it after all.
 * - Bytes are deleted only after their row is gone, in a transaction that holds the id's place in `blobs`: a put of the
 *   same content waits for its end before it looks whether the bytes are there.
 */
export interface CollectOptions {
  /** How long a blob is kept after its last put. */
  graceMs: number;
  signal?: AbortSignal;
}

/** Candidates that are read at a time, rows that are deleted at a time, and files while a put may have to wait for them. */
const limits = { candidates: 10_000, rows: 200, files: 25 };
const concurrentDeletes = 8;

export const graceEnd = (database: Database, graceMs: number): Prisma.Sql =>
  Prisma.sql`${database.now()} - ${graceMs}::float8 * interval '1 millisecond'`;

/** Common table expressions up to `named`: the blobs that rows name, without the rows of jobs that `excluded` selects. Exports keep theirs. */
export const namedBlobs = (excluded: Prisma.Sql): Prisma.Sql => Prisma.sql`
  kept_jobs AS (SELECT id, target_image, target_original, initial_code FROM jobs WHERE (${excluded}) IS NOT TRUE),
  kept_calls AS (SELECT prompt, reply, reasoning, tokens FROM model_calls WHERE job_id IN (SELECT id FROM kept_jobs)),
  kept_failed_calls AS (SELECT prompt FROM failed_calls WHERE job_id IN (SELECT id FROM kept_jobs)),
  kept_candidates AS (SELECT code, render_image FROM candidates WHERE job_id IN (SELECT id FROM kept_jobs)),
  kept_interventions AS (SELECT code FROM interventions WHERE job_id IN (SELECT id FROM kept_jobs)),
  named AS (
    SELECT target_image AS id FROM kept_jobs
    UNION SELECT target_original FROM kept_jobs
    UNION SELECT initial_code FROM kept_jobs
    UNION SELECT prompt FROM kept_calls
    UNION SELECT reply FROM kept_calls
    UNION SELECT reasoning FROM kept_calls
    UNION SELECT tokens FROM kept_calls
    UNION SELECT prompt FROM kept_failed_calls
    UNION SELECT code FROM kept_candidates
    UNION SELECT render_image FROM kept_candidates
    UNION SELECT code FROM kept_interventions
    UNION SELECT blob FROM export_files
    UNION SELECT prompt FROM episodes WHERE job_id IN (SELECT id FROM kept_jobs)
  )`;

/** Deletes the rows and bytes of blobs that no row names. Returns what the rows said. */
export async function collectBlobs(
  database: Database,
  store: BlobStore,
  { graceMs, signal }: CollectOptions,
): Promise<{ blobs: number; bytes: number }> {
  await readPromptImages(database, store, signal);
  const deleted = { blobs: 0, bytes: 0 };
  // Rounds, because the images of a prompt are free only once the prompt's row is gone.
  for (let round = 1; round > 0 && !signal?.aborted; deleted.blobs += round) {
    round = 0;
    const ids = await unnamedBlobs(database, graceMs);
    for (let at = 0; at < ids.length && !signal?.aborted; at += limits.rows) {
      const rows = await deleteRows(database, ids.slice(at, at + limits.rows), graceMs);
      round += rows.length;
      deleted.bytes += rows.reduce((sum, row) => sum + row.bytes, 0);
    }
  }
  await deleteLeftBytes(database, store, signal);
  return deleted;
}

/** Records the images that each stored prompt names. Later collections do not read the prompt again. */
export async function readPromptImages(database: Database, store: BlobStore, signal?: AbortSignal): Promise<void> {
  for (let prompts = await unreadPrompts(database); prompts.length > 0; prompts = await unreadPrompts(database)) {
    for (const prompt of prompts) {
      if (signal?.aborted) return;
      const images = idsIn(await readPrompt(store, prompt));
      await database.transaction(async (queries) => {
        await queries.$executeRaw`
          INSERT INTO prompt_images (prompt, image)
          SELECT ${prompt}, id FROM blobs WHERE id = ANY(${images}) AND id <> ${prompt} ON CONFLICT DO NOTHING`;
        await queries.$executeRaw`UPDATE blobs SET images_known = true WHERE id = ${prompt}`;
      });
    }
  }
}

async function unreadPrompts(database: Database): Promise<string[]> {
  const rows = await database.run(
    (queries) => queries.$queryRaw<{ id: string }[]>`
      SELECT id FROM blobs
      WHERE NOT images_known AND id IN (
        SELECT prompt FROM model_calls UNION SELECT prompt FROM failed_calls UNION SELECT prompt FROM episodes)
      LIMIT 500`,
  );
  return rows.map(({ id }) => id);
}

/** Null for a prompt that is missing or damaged: it can never be shown again, and must not block the collection. */
async function readPrompt(store: BlobStore, id: string): Promise<Uint8Array | null> {
  try {
    return await readWhole(store, id);
  } catch (error) {
    if (error instanceof BlobMismatchError) return null;
    throw error;
  }
}

/** Every blob id in a JSON text, whatever the field: one too many only keeps a blob. None if it is no JSON. */
function idsIn(bytes: Uint8Array | null): string[] {
  const found = new Set<string>();
  try {
    JSON.parse(Buffer.from(bytes ?? []).toString(), (_key, value: unknown) => {
      if (typeof value === 'string' && isBlobId(value)) found.add(value);
      return value;
    });
  } catch {
    return [];
  }
  return [...found];
}

async function unnamedBlobs(database: Database, graceMs: number): Promise<string[]> {
  const rows = await database.run(
    (queries) => queries.$queryRaw<{ id: string }[]>`
      WITH ${namedBlobs(Prisma.sql`false`)}
      SELECT id FROM blobs
      WHERE last_put_at < ${graceEnd(database, graceMs)}
        AND NOT EXISTS (SELECT FROM named WHERE named.id = blobs.id)
        AND NOT EXISTS (SELECT FROM prompt_images WHERE image = blobs.id)
      LIMIT ${limits.candidates}`,
  );
  return rows.map(({ id }) => id);
}

interface DeletedRow {
  id: string;
  bytes: number;
}

/** Deletes the rows, except those that were put again or named since they were listed. */
async function deleteRows(database: Database, ids: string[], graceMs: number): Promise<DeletedRow[]> {
  try {
    return await database.run(
      (queries) => queries.$queryRaw<DeletedRow[]>`
        WITH deleted AS (
          DELETE FROM blobs WHERE id = ANY(${ids}) AND last_put_at < ${graceEnd(database, graceMs)} RETURNING id, bytes
        ), left_bytes AS (
          INSERT INTO deleted_blobs SELECT id FROM deleted ON CONFLICT DO NOTHING
        )
        SELECT id, bytes::float8 AS bytes FROM deleted`,
    );
  } catch (error) {
    if (!isForeignKeyViolation(error)) throw error;
    if (ids.length === 1) return [];
    const half = Math.ceil(ids.length / 2);
    const first = await deleteRows(database, ids.slice(0, half), graceMs);
    return [...first, ...(await deleteRows(database, ids.slice(half), graceMs))];
  }
}

/** SQLSTATEs 23001 (restrict) and 23503, which Prisma nests. */
function isForeignKeyViolation(error: unknown): boolean {
  const { code, meta } = error as { code?: string; meta?: unknown };
  return (
    code === 'P2003' || (code === 'P2010' && /23001|23503|ForeignKeyConstraintViolation/.test(JSON.stringify(meta)))
  );
}

/** Deletes the bytes of deleted rows, also of those that an interrupted collection left. */
async function deleteLeftBytes(database: Database, store: BlobStore, signal?: AbortSignal): Promise<void> {
  while (!signal?.aborted) {
    const rows = await database.run((queries) => queries.deletedBlob.findMany({ take: limits.files }));
    const ids = rows.map(({ id }) => id);
    if (ids.length === 0) return;
    await deleteBytes(database, store, ids);
    await database.run((queries) => queries.deletedBlob.deleteMany({ where: { id: { in: ids } } }));
  }
}

/**
 * Deletes the bytes of those ids that have no row. Rows that are never committed hold the ids' places meanwhile: a put of
 * one of them waits until the bytes are gone, and then writes them again. The session is not of the pool, whose limits
 * could end the transaction while deletes are still under way.
 */
export async function deleteBytes(database: Database, store: BlobStore, ids: string[]): Promise<string[]> {
  return database.session(async (client) => {
    await client.query('BEGIN');
    await client.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    const { rows } = await client.query<{ id: string }>(
      `INSERT INTO blobs (id, media_type, bytes, created_at, last_put_at)
       SELECT id, '', 0, now(), now() FROM unnest($1::text[]) AS id ORDER BY id
       ON CONFLICT DO NOTHING RETURNING id`,
      [ids],
    );
    const limit = pLimit(concurrentDeletes);
    const deletes = await Promise.allSettled(rows.map(({ id }) => limit(() => store.delete(id))));
    await client.query('ROLLBACK');
    const failed = deletes.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    return rows.map(({ id }) => id);
  });
}

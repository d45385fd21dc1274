import type { Storage, StoredAmount, StrayFiles } from '@pentimento/contracts';
import { Prisma } from '../../generated/client.ts';
import type { BlobStore, StoredBlob } from '@pentimento/blob-store';
import type { PruneOptions } from '../types.ts';
import { collectBlobs, deleteBytes, graceEnd, namedBlobs, readPromptImages } from './blob-collection.ts';
import type { Database } from './client.ts';
import { deleteExpired, isExpired } from './retention.ts';

/** Key of the advisory lock of the process that prunes. It saves work; nothing is unsafe without it. */
const pruneLock = 72707370;
/** What an interrupted write left is deleted after this time. */
const abandonedMs = 24 * 3_600_000;
const strayBatch = 500;

export async function prune(
  database: Database,
  store: BlobStore,
  { retention, graceMs, signal }: PruneOptions,
): Promise<StoredAmount | null> {
  return withLock(database, async () => {
    const jobs = await deleteExpired(database, retention, signal);
    const blobs = await collectBlobs(database, store, { graceMs, signal });
    await store.clean(new Date(Date.now() - abandonedMs));
    return { jobs, ...blobs };
  });
}

/** Null if another process holds the lock. */
async function withLock<T>(database: Database, work: () => Promise<T>): Promise<T | null> {
  return database.session(async (client) => {
    const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [pruneLock]);
    return rows[0]!.locked ? work() : null;
  });
}

export async function describeStorage(
  database: Database,
  store: BlobStore,
  { retention, graceMs }: PruneOptions,
): Promise<Omit<Storage, 'strayFiles'>> {
  await readPromptImages(database, store);
  const expired = isExpired(database, retention);
  const [row] = await database.run(
    (queries) => queries.$queryRaw<Record<string, bigint>[]>`
      WITH ${namedBlobs(expired)},
        prunable AS (
          SELECT bytes FROM blobs
          WHERE last_put_at < ${graceEnd(database, graceMs)}
            AND NOT EXISTS (SELECT FROM named WHERE named.id = blobs.id)
            AND NOT EXISTS (
              SELECT FROM prompt_images WHERE image = blobs.id AND prompt IN (SELECT id FROM named WHERE id IS NOT NULL))
        )
      SELECT (SELECT count(*) FROM jobs) AS jobs,
        (SELECT count(*) FROM blobs) AS blobs,
        (SELECT coalesce(sum(bytes), 0)::bigint FROM blobs) AS bytes,
        (SELECT count(*) FROM jobs WHERE ${expired}) AS expired,
        (SELECT count(*) FROM prunable) AS unnamed,
        (SELECT coalesce(sum(bytes), 0)::bigint FROM prunable) AS unnamed_bytes`,
  );
  const { jobs, blobs, bytes, expired: old, unnamed, unnamed_bytes } = row!;
  return {
    stored: { jobs: Number(jobs), blobs: Number(blobs), bytes: Number(bytes) },
    prunable: { jobs: Number(old), blobs: Number(unnamed), bytes: Number(unnamed_bytes) },
    retention,
  };
}

/** The blob store has none of the newest blobs of the database, so it is most likely that of another database. */
export class ForeignBlobStoreError extends Error {
  override readonly name = 'ForeignBlobStoreError';
}

/**
 * Finds the blobs of the store that have no row and are older than the grace, and deletes them unless it is a dry run. Only
 * on request: to a database that was restored or recreated, all blobs of the old one look unreferenced.
 */
export async function findStrayFiles(
  database: Database,
  store: BlobStore,
  { graceMs, dryRun }: { graceMs: number; dryRun: boolean },
): Promise<StrayFiles> {
  if (!dryRun) await mustBelongTogether(database, store);
  const found = { files: 0, bytes: 0 };
  for await (const batch of inBatches(store.list())) {
    const old = batch.filter((blob) => blob.modifiedAt.getTime() < Date.now() - graceMs);
    const strays = await withoutRow(database, old);
    const gone = new Set(dryRun ? strays : await deleteBytes(database, store, strays));
    const counted = old.filter((blob) => gone.has(blob.id));
    found.files += counted.length;
    found.bytes += counted.reduce((sum, blob) => sum + blob.bytes, 0);
  }
  return found;
}

async function mustBelongTogether(database: Database, store: BlobStore): Promise<void> {
  const newest = await database.run((queries) =>
    queries.job.findMany({ orderBy: { createdAt: 'desc' }, take: 20, select: { image: true } }),
  );
  const there = await Promise.all(newest.map(({ image }) => store.has(image)));
  if (there.length > 0 && there.every(Boolean)) return;
  throw new ForeignBlobStoreError(
    'The blob store does not have the images of the newest jobs of this database, so its other files may belong to another ' +
      'database: set PENTIMENTO_BLOB_STORE and DATABASE_URL to a pair that belongs together.',
  );
}

async function withoutRow(database: Database, blobs: StoredBlob[]): Promise<string[]> {
  const ids = blobs.map(({ id }) => id);
  const rows = await database.run((queries) =>
    queries.$queryRaw<{ id: string }[]>(Prisma.sql`
      SELECT id FROM unnest(${ids}::text[]) AS id WHERE NOT EXISTS (SELECT FROM blobs WHERE blobs.id = id.id)`),
  );
  return rows.map(({ id }) => id);
}

async function* inBatches(blobs: AsyncIterable<StoredBlob>): AsyncGenerator<StoredBlob[]> {
  let batch: StoredBlob[] = [];
  for await (const blob of blobs) {
    batch.push(blob);
    if (batch.length < strayBatch) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

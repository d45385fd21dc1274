import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { BlobMismatchError, BlobNotFoundError, sha256, type BlobStore } from '@pentimento/blob-store';
import type { Blobs } from '../types.ts';
import { Prisma } from '../../generated/client.ts';
import type { Database } from './client.ts';
import { sanitizeForPostgres } from '@pentimento/postgres';

/**
 * The blobs of `store` with their rows. The row is written first and the bytes second: blob-collection.ts says why. A put
 * that fails in between leaves a row without bytes, which no row names and which the next put of the content completes.
 */
export function createBlobs(database: Database, store: BlobStore): Blobs {
  const writeRow = rowWriter(database);
  const putStream: Blobs['putStream'] = async (row, content) => {
    await writeRow(row);
    await store.put(row.id, content);
  };
  return {
    putStream,
    async put(bytes, mediaType) {
      const id = sha256(bytes);
      await putStream({ id, mediaType, bytes: bytes.byteLength }, Readable.from([bytes]));
      return id;
    },
    get: (id) => readWhole(store, id),
    getStream: (id, range) => orNull(store.get(id, range)),
    async stat(id) {
      const what = { where: { id: sanitizeForPostgres(id) }, select: { mediaType: true, bytes: true } };
      const row = await database.run((queries) => queries.blob.findUnique(what));
      return row && { ...row, bytes: Number(row.bytes) };
    },
  };
}

type Row = Parameters<Blobs['putStream']>[0];

/** Writes the rows of blobs that are put at the same time, such as the images of a prompt, by one statement. */
function rowWriter(database: Database): (row: Row) => Promise<void> {
  let waiting: Row[] = [];
  let written: Promise<void> | undefined;
  return (row) => {
    waiting.push(row);
    return (written ??= Promise.resolve().then(() => {
      const rows = waiting;
      [waiting, written] = [[], undefined];
      return writeRows(database, rows);
    }));
  };
}

/** Each id once, in the order of ids, so that two statements never wait for each other. */
async function writeRows(database: Database, rows: readonly Row[]): Promise<void> {
  const unique = [...new Map(rows.map((row) => [row.id, row])).values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const values = unique.map(
    ({ id, mediaType, bytes }) =>
      Prisma.sql`(${id}, ${sanitizeForPostgres(mediaType)}, ${BigInt(bytes)}, ${database.now()}, ${database.now()})`,
  );
  await database.run(
    (queries) => queries.$executeRaw`
      INSERT INTO blobs (id, media_type, bytes, created_at, last_put_at)
      VALUES ${Prisma.join(values)}
      ON CONFLICT (id) DO UPDATE SET last_put_at = greatest(blobs.last_put_at, excluded.last_put_at)`,
  );
}

/** The verified bytes; null if the blob is not stored. */
export async function readWhole(store: BlobStore, id: string): Promise<Uint8Array | null> {
  return orNull(
    store.get(id).then(async (stream) => {
      const bytes = await buffer(stream);
      const found = sha256(bytes);
      if (found !== id) throw new BlobMismatchError(id, found);
      return bytes;
    }),
  );
}

/** Null where the blob is not stored. */
async function orNull<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof BlobNotFoundError) return null;
    throw error;
  }
}

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
  const rows = new RowWriter(database);
  const putStream: Blobs['putStream'] = async (row, content) => {
    await rows.write(row);
    await store.put(row.id, content);
  };
  return {
    putStream,
    async put(bytes, mediaType) {
      const id = sha256(bytes);
      await putStream({ id, mediaType, bytes: bytes.byteLength }, once(bytes));
      return id;
    },
    get: (id) => readWhole(store, id),
    getStream: (id, range) => orNull(store.get(id, range)),
    async stat(id) {
      const select = { mediaType: true, bytes: true };
      const where = { id: sanitizeForPostgres(id) };
      const row = await database.run((queries) => queries.blob.findUnique({ where, select }));
      return row && { ...row, bytes: Number(row.bytes) };
    },
  };
}

type Row = Parameters<Blobs['putStream']>[0];

/** Writes the rows of blobs that are put at the same time, such as the images of a prompt, by one statement. */
class RowWriter {
  readonly #database: Database;
  #waiting: Row[] = [];
  #written: Promise<void> | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  write(row: Row): Promise<void> {
    this.#waiting.push(row);
    this.#written ??= Promise.resolve().then(() => {
      const rows = this.#waiting;
      this.#waiting = [];
      this.#written = undefined;
      return writeRows(this.#database, rows);
    });
    return this.#written;
  }
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

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
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

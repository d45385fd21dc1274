import { buffer } from 'node:stream/consumers';
import { BlobMismatchError, BlobNotFoundError, sha256, type BlobStore } from '../blobs/blob-store.ts';
import type { Blobs } from '../types.ts';
import type { Database } from './client.ts';
import { sanitizeForPostgres } from './sanitize.ts';

/** The blobs of `store` with their rows. The bytes are stored first: a row never lacks them. */
export function createBlobs(database: Database, store: BlobStore): Blobs {
  return {
    async put(bytes, mediaType) {
      const id = sha256(bytes);
      await store.put(id, once(bytes));
      await database.run(
        (queries) => queries.$executeRaw`
          INSERT INTO blobs (id, media_type, bytes, created_at)
          VALUES (${id}, ${sanitizeForPostgres(mediaType)}, ${bytes.byteLength}, ${database.now()})
          ON CONFLICT DO NOTHING`,
      );
      return id;
    },
    get: (id) => readWhole(store, id),
    async stat(id) {
      const select = { mediaType: true, bytes: true };
      return database.run((queries) => queries.blob.findUnique({ where: { id: sanitizeForPostgres(id) }, select }));
    },
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function readWhole(store: BlobStore, id: string): Promise<Uint8Array | null> {
  try {
    const bytes = await buffer(await store.get(id));
    const found = sha256(bytes);
    if (found !== id) throw new BlobMismatchError(id, found);
    return bytes;
  } catch (error) {
    if (error instanceof BlobNotFoundError) return null;
    throw error;
  }
}

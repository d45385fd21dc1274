import type { BlobDriver, Blobs } from '../types.ts';
import type { Database } from './client.ts';
import { storable } from './text.ts';

/** The driver's bytes with their rows. The bytes are stored first: a row never lacks them. */
export function createBlobs(database: Database, driver: BlobDriver): Blobs {
  return {
    async put(bytes, mediaType) {
      const id = await driver.put(bytes);
      await database.run(
        (queries) => queries.$executeRaw`
          INSERT INTO blobs (id, media_type, bytes, created_at)
          VALUES (${id}, ${storable(mediaType)}, ${bytes.byteLength}, ${database.now()})
          ON CONFLICT DO NOTHING`,
      );
      return id;
    },
    get: (id) => driver.get(id),
    async stat(id) {
      const select = { mediaType: true, bytes: true };
      return database.run((queries) => queries.blob.findUnique({ where: { id: storable(id) }, select }));
    },
  };
}

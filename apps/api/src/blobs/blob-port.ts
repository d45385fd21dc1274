import type { BlobPort } from '@pentimento/agent';
import type { Blobs } from '@pentimento/store';

/** The store's blobs, for callers to whom a missing blob is a bug. */
export function blobPort(blobs: Blobs): BlobPort {
  return {
    put: (bytes, mediaType) => blobs.put(bytes, mediaType),
    get: async (id) => {
      const bytes = await blobs.get(id);
      if (!bytes) throw new Error(`Blob ${id} is named by a row and is not stored.`);
      return bytes;
    },
  };
}

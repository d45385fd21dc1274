import type { BlobPort } from '@pentimento/agent';
import { LRUCache } from 'lru-cache';

/** The same blobs; those that were put or read last stay in memory, for a blob never changes. Their arrays must not be changed. */
export function withMemory(blobs: BlobPort, maxSize: number): BlobPort {
  // A size of 0 is not allowed.
  const memory = new LRUCache<string, Uint8Array>({ maxSize, sizeCalculation: ({ byteLength }) => byteLength + 1 });
  return {
    async put(bytes, mediaType) {
      const id = await blobs.put(bytes, mediaType);
      memory.set(id, bytes);
      return id;
    },
    async get(id) {
      const known = memory.get(id);
      if (known) return known;
      const bytes = await blobs.get(id);
      memory.set(id, bytes);
      return bytes;
    },
  };
}

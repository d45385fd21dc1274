import type { BlobPort } from '@pentimento/agent';
import { sha256 } from '@pentimento/blob-store';
import { LRUCache } from 'lru-cache';

/** How long a put holds, milliseconds: the collection spares its blob for an hour at least (PENTIMENTO_BLOB_GRACE_HOURS). */
export const putHoldsMs = 5 * 60_000;
const maxPuts = 4096;

/**
 * The same blobs; those that were put or read last stay in memory, for a blob never changes. Their arrays must not be changed. Content
 * that was put a few minutes ago is not put again.
 */
export function withMemory(blobs: BlobPort, maxSize: number, clock: { now(): number } = performance): BlobPort {
  // A size of 0 is not allowed.
  const memory = new LRUCache<string, Uint8Array>({ maxSize, sizeCalculation: ({ byteLength }) => byteLength + 1 });
  const puts = new LRUCache<string, true>({ max: maxPuts, ttl: putHoldsMs, ttlResolution: 0, perf: clock });
  return {
    async put(bytes, mediaType) {
      const id = sha256(bytes);
      if (!puts.has(id)) {
        await blobs.put(bytes, mediaType);
        puts.set(id, true);
      }
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

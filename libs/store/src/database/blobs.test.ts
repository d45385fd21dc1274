import { Readable } from 'node:stream';
import { sha256, type BlobStore } from '@pentimento/blob-store';
import { expect, it } from 'vitest';
import { createBlobs } from './blobs.ts';
import type { Database } from './client.ts';

/** A store of these blobs that counts how often each is read. */
function countingStore(blobs: readonly Uint8Array[]) {
  const reads: string[] = [];
  const store = {
    get(id: string) {
      reads.push(id);
      return Promise.resolve(Readable.from([blobs.find((bytes) => sha256(bytes) === id)!]));
    },
  } as Partial<BlobStore> as BlobStore;
  return { reads, store };
}

const noDatabase = {} as Database;
const [first, second] = [new Uint8Array(60).fill(1), new Uint8Array(60).fill(2)];
const [a, b] = [sha256(first), sha256(second)];

it('reads a blob once while it is among those that were used last', async () => {
  const { reads, store } = countingStore([first, second]);
  const blobs = createBlobs(noDatabase, store, 100);
  for (const id of [a, a, b, b, a]) expect(sha256((await blobs.get(id))!)).toBe(id);
  expect(reads).toEqual([a, b, a]);
});

it('reads a blob each time where no memory is given', async () => {
  const { reads, store } = countingStore([first]);
  const blobs = createBlobs(noDatabase, store);
  for (const id of [a, a]) expect(sha256((await blobs.get(id))!)).toBe(id);
  expect(reads).toEqual([a, a]);
});

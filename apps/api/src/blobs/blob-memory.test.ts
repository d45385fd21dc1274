import { expect, it } from 'vitest';
import { withMemory } from './blob-memory.ts';

/** Blobs of 60 bytes by name, and the names in the order in which they were read and put. */
function countingBlobs() {
  const reads: string[] = [];
  const puts: string[] = [];
  const blobs = withMemory(
    {
      get: (id) => Promise.resolve((reads.push(id), new Uint8Array(60).fill(id.length))),
      put: (_, mediaType) => Promise.resolve((puts.push(mediaType), mediaType)),
    },
    100,
  );
  return { blobs, reads, puts };
}

it('reads a blob once while it is among those that were used last', async () => {
  const { blobs, reads } = countingBlobs();
  for (const id of ['a', 'a', 'bb', 'bb', 'a']) expect((await blobs.get(id))[0]).toBe(id.length);
  expect(reads).toEqual(['a', 'bb', 'a']);
});

it('does not read what was just put, and puts it each time', async () => {
  const { blobs, reads, puts } = countingBlobs();
  const bytes = new Uint8Array([1, 2]);
  for (const id of ['a', 'a']) await blobs.put(bytes, id);
  expect(await blobs.get('a')).toBe(bytes);
  expect([reads, puts]).toEqual([[], ['a', 'a']]);
});

import { sha256 } from '@pentimento/blob-store';
import { expect, it } from 'vitest';
import { putHoldsMs, withMemory } from './blob-memory.ts';

/** Blobs of 60 bytes by name, the names in the order in which they were read, and the contents in the order in which they were put. */
function countingBlobs() {
  const reads: string[] = [];
  const puts: Uint8Array[] = [];
  const clock = { time: 0, now: () => clock.time };
  const blobs = withMemory(
    {
      get: (id) => Promise.resolve((reads.push(id), new Uint8Array(60).fill(id.length))),
      put: (bytes) => Promise.resolve((puts.push(bytes), sha256(bytes))),
    },
    100,
    clock,
  );
  return { blobs, reads, puts, clock };
}

const bytes = new Uint8Array([1, 2]);

it('reads a blob once while it is among those that were used last', async () => {
  const { blobs, reads } = countingBlobs();
  for (const id of ['a', 'a', 'bb', 'bb', 'a']) expect((await blobs.get(id))[0]).toBe(id.length);
  expect(reads).toEqual(['a', 'bb', 'a']);
});

it('does not read what was just put', async () => {
  const { blobs, reads } = countingBlobs();
  expect(await blobs.get(await blobs.put(bytes, 'image/png'))).toBe(bytes);
  expect(reads).toEqual([]);
});

it('puts the same content again once the last put is a few minutes old, however often it was asked meanwhile', async () => {
  const { blobs, puts, clock } = countingBlobs();
  for (const time of [1, putHoldsMs / 2, putHoldsMs]) {
    clock.time = time;
    expect(await blobs.put(new Uint8Array(bytes), 'image/png')).toBe(sha256(bytes));
  }
  expect(puts).toHaveLength(1);
  clock.time = putHoldsMs + 2;
  await blobs.put(bytes, 'image/png');
  expect(puts).toHaveLength(2);
});

it('puts again what could not be put', async () => {
  const { blobs, puts } = countingBlobs();
  const failing = withMemory({ get: blobs.get, put: () => Promise.reject(new Error('The disk is full.')) }, 100);
  for (let time = 0; time < 2; time++) await expect(failing.put(bytes, 'image/png')).rejects.toThrow('full');
  expect(puts).toEqual([]);
});

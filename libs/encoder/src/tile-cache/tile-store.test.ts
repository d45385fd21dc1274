import { describe, expect, it } from 'vitest';
import type { ByteCache } from '@pentimento/contracts';
import { TileStore } from './tile-store.ts';

const noAbort = new AbortController().signal;
const limits = { entries: 10, bytes: 1e6 };

function features(value: number) {
  return { vector: Float32Array.of(value), cells: { columns: 1, rows: 1, features: Int8Array.of(value) } };
}

function mapCache(): ByteCache & { entries: Map<string, Uint8Array> } {
  const entries = new Map<string, Uint8Array>();
  return {
    entries,
    get: (key) => Promise.resolve(entries.get(key)),
    set: (key, bytes) => Promise.resolve(void entries.set(key, bytes)),
  };
}

function store(disk?: ByteCache, identity = 'encoder'): TileStore {
  return new TileStore({ identity, limits, disk });
}

describe('a vector', () => {
  it('is encoded once, also for those who ask meanwhile', async () => {
    const tiles = store();
    const made = await Promise.all([1, 2, 3].map((value) => tiles.get('a', noAbort, async () => features(value))));
    expect(made.map(({ vector }) => vector[0])).toEqual([1, 1, 1]);
    await tiles.get('a', noAbort, () => Promise.reject(new Error('not again')));
    expect(tiles.counters).toEqual({ made: 1, fromMemory: 1, fromDisk: 0 });
  });

  it('is read from disk after a restart', async () => {
    const disk = mapCache();
    await store(disk).get('a', noAbort, async () => features(7));
    const later = store(disk);
    expect(await later.get('a', noAbort, () => Promise.reject(new Error('not again')))).toEqual(features(7));
    expect(later.counters).toEqual({ made: 0, fromMemory: 0, fromDisk: 1 });
  });

  it('is encoded again for another encoder, preprocessing or tile', async () => {
    const disk = mapCache();
    await store(disk).get('a', noAbort, async () => features(7));
    expect(await store(disk, 'other').get('a', noAbort, async () => features(8))).toEqual(features(8));
    expect(await store(disk).get('b', noAbort, async () => features(9))).toEqual(features(9));
    expect(disk.entries.size).toBe(3);
  });
});

describe('a vector is encoded again', () => {
  it.each<[string, (disk: ReturnType<typeof mapCache>) => void]>([
    ['damaged', ({ entries }) => entries.forEach((bytes) => (bytes[25]! ^= 255))],
    ['cut off', ({ entries }) => entries.forEach((bytes, key) => entries.set(key, bytes.subarray(0, 10)))],
    ['gone', ({ entries }) => entries.clear()],
  ])('where the stored one is %s', async (_, spoil) => {
    const disk = mapCache();
    await store(disk).get('a', noAbort, async () => features(7));
    spoil(disk);
    expect(await store(disk).get('a', noAbort, async () => features(8))).toEqual(features(8));
  });

  it('where the cache fails, both ways', async () => {
    const broken = () => Promise.reject(new Error('no disk'));
    const tiles = store({ get: broken, set: broken });
    expect(await tiles.get('a', noAbort, async () => features(8))).toEqual(features(8));
    expect(tiles.counters).toEqual({ made: 1, fromMemory: 0, fromDisk: 0 });
  });

  it('after a failure', async () => {
    const tiles = store();
    await expect(tiles.get('a', noAbort, () => Promise.reject(new Error('no luck')))).rejects.toThrow('no luck');
    expect(await tiles.get('a', noAbort, async () => features(8))).toEqual(features(8));
  });
});

it('aborts the encoding when all who wait have left', async () => {
  const caller = new AbortController();
  let stopped: unknown;
  const asked = store().get('a', caller.signal, (signal) => {
    signal.addEventListener('abort', () => (stopped = signal.reason));
    caller.abort(new Error('gone'));
    return new Promise(() => {});
  });
  await expect(asked).rejects.toThrow('gone');
  expect(stopped).toBeInstanceOf(DOMException);
});

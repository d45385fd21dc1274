import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createStore, type ExportClaim, type Store } from '@pentimento/store';
import { newExport, newSummary, noProgress } from '../support/exports.ts';
import { query, startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import { blob } from '../support/trajectory.ts';

const limits = { queuedMs: 30_000, maxRecoveries: 2 };
const keepAll = { maxAgeDays: null, maxJobs: null };
const graceMs = 3_600_000;

let postgres: TestPostgres;
let url: string;
let store: Store;
let now: number;
const passes = (ms: number) => (now += ms);

beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres?.stop());
beforeEach(async () => {
  now = Date.parse('2026-11-30T10:00:00.000Z');
  url = await postgres.newDatabase();
  store = createStore({ databaseUrl: url, blobs: postgres.blobs, clock: { now: () => now } });
  return () => store.close();
});

async function claimed(): Promise<ExportClaim> {
  const { id } = await store.exports.create(newExport());
  return (await store.exports.claim(id, 'worker-a', 60_000))!;
}

/** Ends the export with these files, each with its path as content. */
async function succeed(claim: ExportClaim, paths: string[]) {
  const files = await Promise.all(paths.map(async (path) => ({ path, sha256: await blob(store, path) })));
  const progress = { traces: 1, total: 1, rows: 1, bytes: 10 };
  return store.exports.finish(claim, { status: 'succeeded', manifest: newSummary(), files }, progress);
}
const filesOf = async (id: string) =>
  (await store.exports.listFiles(id, { limit: 1000 })).data.map(({ path, bytes }) => [path, bytes]);

describe('an export', () => {
  it('is created as queued, and listed with the newest first', async () => {
    const first = await store.exports.create(newExport({ languages: ['svg'] }));
    expect(first).toMatchObject({
      id: expect.stringMatching(/^export_[0-9a-f-]{36}$/),
      name: 'charts',
      status: 'queued',
      filter: { languages: ['svg'] },
      progress: noProgress,
      manifest: null,
      createdAt: '2026-11-30T10:00:00.000Z',
    });
    expect(await store.exports.get(first.id)).toEqual(first);
    passes(1);
    const second = await store.exports.create(newExport());
    const page = await store.exports.list({ limit: 1 });
    expect(page).toEqual({ data: [second], nextCursor: second.id });
    expect(await store.exports.list({ limit: 1, cursor: second.id })).toEqual({ data: [first], nextCursor: null });
  });

  it('is claimed by one worker, which stores its progress with each heartbeat', async () => {
    const { id } = await store.exports.create(newExport());
    const claims = await Promise.all(['a', 'b', 'c'].map((worker) => store.exports.claim(id, worker, 60_000)));
    const [claim, ...others] = claims.filter((each) => each !== null);
    expect(others).toEqual([]);
    const progress = { traces: 3, total: 9, rows: 5, bytes: 100 };
    expect(await store.exports.heartbeat(claim!, 60_000, progress)).toBe('held');
    expect(await store.exports.get(id)).toMatchObject({ status: 'running', progress, startedAt: expect.any(String) });
  });

  it('has its files and its manifest once it has succeeded, and none before', async () => {
    const claim = await claimed();
    expect(await filesOf(claim.exportId)).toEqual([]);
    expect(await succeed(claim, ['train.jsonl', 'images/a.png', 'manifest.json'])).toBe('written');
    expect(await store.exports.get(claim.exportId)).toMatchObject({
      status: 'succeeded',
      manifest: newSummary(),
      progress: { traces: 1, total: 1, rows: 1, bytes: 10 },
      finishedAt: expect.any(String),
      error: null,
    });
    expect(await filesOf(claim.exportId)).toEqual([
      ['images/a.png', 12],
      ['manifest.json', 13],
      ['train.jsonl', 11],
    ]);
    expect(await succeed(claim, ['train.jsonl'])).toBe('lost');
    expect(await store.exports.retry(claim.exportId)).toMatchObject({ changed: false });
  });

  it('lists its files in pages', async () => {
    const claim = await claimed();
    await succeed(claim, ['a', 'b', 'c']);
    const first = await store.exports.listFiles(claim.exportId, { limit: 2 });
    expect(first).toMatchObject({ data: [{ path: 'a' }, { path: 'b' }], nextCursor: 'b' });
    const rest = await store.exports.listFiles(claim.exportId, { limit: 2, cursor: 'b' });
    expect(rest).toMatchObject({ data: [{ path: 'c' }], nextCursor: null });
    expect(await store.exports.getFile(claim.exportId, 'c')).toEqual(rest.data[0]);
    expect(await store.exports.getFile(claim.exportId, 'd')).toBeNull();
  });

  it('ends with its files or not at all: a blob that is gone ends nothing', async () => {
    const claim = await claimed();
    const files = [
      { path: 'a', sha256: await blob(store, 'a') },
      { path: 'b', sha256: 'f'.repeat(64) },
    ];
    const result = { status: 'succeeded', manifest: newSummary(), files } as const;
    await expect(store.exports.finish(claim, result, noProgress)).rejects.toThrow();
    expect(await store.exports.get(claim.exportId)).toMatchObject({ status: 'running', manifest: null });
    expect(await filesOf(claim.exportId)).toEqual([]);
  });

  it('stores as many files as it has', async () => {
    const claim = await claimed();
    const sha256 = await blob(store, 'the same');
    const files = Array.from({ length: 12_000 }, (_, index) => ({ path: `f${index}`, sha256 }));
    const result = { status: 'succeeded', manifest: newSummary(), files } as const;
    expect(await store.exports.finish(claim, result, noProgress)).toBe('written');
    const [row] = await query(url, 'SELECT count(*)::int AS files FROM export_files');
    expect(row).toEqual({ files: 12_000 });
  });
});

describe('a lost claim', () => {
  it('writes nothing', async () => {
    const old = await claimed();
    passes(60_001);
    await store.exports.sweep(limits);
    const claim = (await store.exports.claim(old.exportId, 'worker-b', 60_000))!;
    const before = await store.exports.get(old.exportId);
    expect(await store.exports.heartbeat(old, 60_000, { ...noProgress, rows: 9 })).toBe('lost');
    expect(await succeed(old, ['a'])).toBe('lost');
    expect(await store.exports.release(old)).toBe('lost');
    expect(await store.exports.get(old.exportId)).toEqual(before);
    expect(await succeed(claim, ['b'])).toBe('written');
    expect(await filesOf(old.exportId)).toEqual([['b', 1]]);
  });

  it('is that of a deleted export, too', async () => {
    const claim = await claimed();
    expect(await store.exports.delete(claim.exportId)).toBe(true);
    expect(await store.exports.heartbeat(claim, 60_000, noProgress)).toBe('lost');
    expect(await succeed(claim, ['a'])).toBe('lost');
    expect(await store.exports.delete(claim.exportId)).toBe(false);
  });
});

describe('the sweep of exports', () => {
  it('leaves alone what is in hand, and enqueues again what nobody works on', async () => {
    const waiting = await store.exports.create(newExport());
    const claim = await claimed();
    expect(await store.exports.sweep(limits)).toEqual([]);
    passes(60_001);
    const swept = await Promise.all([store.exports.sweep(limits), store.exports.sweep(limits)]);
    expect(swept.flat()).toHaveLength(2);
    expect(swept.flat()).toEqual(
      expect.arrayContaining([
        { exportId: claim.exportId, token: claim.token, reason: 'dead_worker' },
        { exportId: waiting.id, token: 0, reason: 'lost_enqueue' },
      ]),
    );
    expect(await store.exports.get(claim.exportId)).toMatchObject({ status: 'queued' });
    expect(await store.exports.sweep(limits)).toEqual([]);
  });

  it('gives an export up after so many dead workers, and says why; a retry starts over', async () => {
    const { id } = await store.exports.create(newExport());
    const die = async () => {
      await store.exports.claim(id, 'worker', 60_000);
      passes(60_001);
      return store.exports.sweep(limits);
    };
    expect([(await die()).length, (await die()).length, (await die()).length]).toEqual([1, 1, 0]);
    expect(await store.exports.get(id)).toMatchObject({
      status: 'failed',
      error: { code: 'worker-lost', message: expect.stringMatching(/^3 workers died .* then retry the export\.$/) },
    });
    expect(await store.exports.retry(id)).toMatchObject({ changed: true, export: { status: 'queued', error: null } });
    expect(await die()).toHaveLength(1);
  });
});

describe('canceling an export', () => {
  it('ends a queued one at once, and a running one when its worker or the sweep gets there', async () => {
    const queued = await store.exports.create(newExport());
    const canceled = await store.exports.cancel(queued.id);
    expect(canceled).toMatchObject({ changed: true, export: { status: 'canceled', finishedAt: expect.any(String) } });
    const [held, left] = [await claimed(), await claimed()];
    for (const { exportId } of [held, left]) {
      expect(await store.exports.cancel(exportId)).toMatchObject({ changed: true, export: { status: 'canceling' } });
      expect(await store.exports.cancel(exportId)).toMatchObject({ changed: false });
    }
    expect(await store.exports.heartbeat(held, 60_000, noProgress)).toBe('canceling');
    const error = { code: 'internal', message: 'It was stopped.' };
    expect(await store.exports.finish(held, { status: 'failed', error }, noProgress)).toBe('written');
    passes(60_001);
    expect(await store.exports.sweep(limits)).toEqual([]);
    for (const { exportId } of [held, left]) {
      expect(await store.exports.get(exportId)).toMatchObject({ status: 'canceled', error: null });
    }
    expect(await store.exports.retry(held.exportId)).toMatchObject({ changed: true, export: { status: 'queued' } });
    expect(await store.exports.cancel('export_none')).toBeNull();
  });

  it('keeps one that was whole first', async () => {
    const claim = await claimed();
    await store.exports.cancel(claim.exportId);
    await succeed(claim, ['a']);
    expect(await store.exports.get(claim.exportId)).toMatchObject({ status: 'succeeded' });
  });

  it('ends one that its worker gives back', async () => {
    const [claim, other] = [await claimed(), await claimed()];
    await store.exports.cancel(claim.exportId);
    await store.exports.release(claim);
    await store.exports.release(other);
    expect(await store.exports.get(claim.exportId)).toMatchObject({ status: 'canceled' });
    expect(await store.exports.get(other.exportId)).toMatchObject({ status: 'queued' });
  });
});

describe('the blobs of an export', () => {
  const prune = () => store.prune({ retention: keepAll, graceMs });

  it('are kept as long as the export, and deleted after it', async () => {
    const claim = await claimed();
    await succeed(claim, ['train.jsonl']);
    const { sha256 } = (await store.exports.getFile(claim.exportId, 'train.jsonl'))!;
    passes(graceMs + 1);
    expect((await store.describeStorage({ retention: keepAll, graceMs })).prunable.blobs).toBe(0);
    expect(await prune()).toMatchObject({ blobs: 0 });
    expect(await postgres.blobs.has(sha256)).toBe(true);
    await store.exports.delete(claim.exportId);
    expect(await prune()).toMatchObject({ blobs: 1 });
    expect(await postgres.blobs.has(sha256)).toBe(false);
  });

  it('are stored and read in streams, whole or in part', async () => {
    const content = Buffer.from('0123456789');
    const id = createHash('sha256').update(content).digest('hex');
    const chunks = () => Readable.from([content.subarray(0, 4), content.subarray(4)]);
    await store.blobs.putStream({ id, mediaType: 'text/plain', bytes: 10 }, chunks());
    await store.blobs.putStream({ id, mediaType: 'text/plain', bytes: 10 }, chunks());
    expect(await store.blobs.stat(id)).toEqual({ mediaType: 'text/plain', bytes: 10 });
    expect((await buffer((await store.blobs.getStream(id))!)).toString()).toBe('0123456789');
    expect((await buffer((await store.blobs.getStream(id, { start: 3, end: 5 }))!)).toString()).toBe('345');
    expect(await store.blobs.getStream('f'.repeat(64))).toBeNull();
    const wrong = { id: 'e'.repeat(64), mediaType: 'text/plain', bytes: 10 };
    await expect(store.blobs.putStream(wrong, chunks())).rejects.toThrow(/SHA-256/);
  });

  it('may be larger than four bytes can count', async () => {
    const bytes = 5 * 2 ** 30;
    const id = 'a'.repeat(64);
    await expect(store.blobs.putStream({ id, mediaType: 'text/plain', bytes }, Readable.from([]))).rejects.toThrow();
    expect((await store.blobs.stat(id))?.bytes).toBe(bytes);
  });
});

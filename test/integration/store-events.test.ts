import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JobEvent, NewEvent } from '@pentimento/contracts';
import { createStore, type Store } from '@pentimento/store';
import { query, startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import { claimedJob } from '../support/trajectory.ts';

let postgres: TestPostgres;
let url: string;
let store: Store;

beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres?.stop());
beforeEach(async () => {
  url = await postgres.newDatabase();
  store = createStore({ databaseUrl: url, blobs: postgres.blobs });
  return () => store.close();
});

const stage = (candidate: number): NewEvent => ({
  type: 'candidate.stage',
  data: { iteration: 0, candidate, stage: 'model' },
});
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** Reads the tail until the event with the number has come. */
async function readTo(tail: AsyncIterable<JobEvent[]>, last: number): Promise<number[]> {
  const seen: number[] = [];
  for await (const batch of tail) {
    seen.push(...batch.map((event) => event.seq));
    if (seen.at(-1)! >= last) return seen;
  }
  return seen;
}

describe('events', () => {
  it('have no gap and no double however many are written at once', async () => {
    const claim = await claimedJob(store);
    const written = await Promise.all(numbers(1, 100).map((n) => store.emit(claim, stage(n))));
    expect(new Set(written)).toEqual(new Set(['written']));
    const events = await store.listEvents(claim.jobId, 0);
    expect(events.map((event) => event.seq)).toEqual(numbers(1, 101));
    expect(events.map((event) => event.at)).toEqual(events.map((event) => event.at).toSorted());
  });

  it('are listed after a number, up to a limit', async () => {
    const claim = await claimedJob(store);
    for (const n of numbers(1, 5)) await store.emit(claim, stage(n));
    expect((await store.listEvents(claim.jobId, 3)).map((event) => event.seq)).toEqual([4, 5, 6]);
    expect((await store.listEvents(claim.jobId, 1, 2)).map((event) => event.seq)).toEqual([2, 3]);
    expect(await store.listEvents(claim.jobId, 6)).toEqual([]);
  });

  it('that say something else than their type says are refused', async () => {
    const claim = await claimedJob(store);
    const wrong = { type: 'candidate.stage', data: { iteration: -1 } } as unknown as NewEvent;
    await expect(store.emit(claim, wrong)).rejects.toThrow();
    expect(await store.listEvents(claim.jobId, 1)).toEqual([]);
  });
});

describe('a tail', () => {
  it('gives what is there, then what comes, each once and in order', async () => {
    const claim = await claimedJob(store);
    await store.emit(claim, stage(0));
    const aborter = new AbortController();
    const tails = [0, 0, 1].map((after) => readTo(store.tailEvents(claim.jobId, after, aborter.signal), 52));
    await Promise.all(numbers(1, 50).map((n) => store.emit(claim, stage(n))));
    expect(await Promise.all(tails)).toEqual([numbers(1, 52), numbers(1, 52), numbers(2, 52)]);
  });

  it('is woken by a notification, long before it would look by itself', async () => {
    const claim = await claimedJob(store);
    const tail = store.tailEvents(claim.jobId, 1, new AbortController().signal)[Symbol.asyncIterator]();
    let next = tail.next();
    const listening = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'`;
    while ((await query(url, listening)).length === 0);
    const started = performance.now();
    for (const seq of [2, 3, 4]) {
      // Two round trips, in which the tail has looked, found nothing and gone to wait.
      await store.ping();
      await store.ping();
      await store.emit(claim, stage(seq));
      expect((await next).value).toMatchObject([{ seq }]);
      next = tail.next();
    }
    expect(performance.now() - started).toBeLessThan(3000);
    await store.emit(claim, stage(5));
    await next;
    await tail.return!(undefined);
  });

  it('ends when it is aborted, while waiting and before it began', async () => {
    const claim = await claimedJob(store);
    const aborter = new AbortController();
    const tail = readTo(store.tailEvents(claim.jobId, 1, aborter.signal), 99);
    aborter.abort();
    expect(await tail).toEqual([]);
    expect(await readTo(store.tailEvents(claim.jobId, 0, aborter.signal), 99)).toEqual([]);
  });

  it('ends when the job is deleted', async () => {
    const claim = await claimedJob(store);
    const tail = store.tailEvents(claim.jobId, 0, new AbortController().signal)[Symbol.asyncIterator]();
    await tail.next();
    const waiting = tail.next();
    await store.deleteJob(claim.jobId);
    expect((await waiting).done).toBe(true);
  });

  it('ends when the store is closed', async () => {
    const other = createStore({ databaseUrl: url, blobs: postgres.blobs });
    const claim = await claimedJob(other);
    const tail = other.tailEvents(claim.jobId, 0, new AbortController().signal)[Symbol.asyncIterator]();
    await tail.next();
    const waiting = tail.next();
    await other.close();
    expect((await waiting).done).toBe(true);
  });

  it('ends when the store is closed while it reads', async () => {
    const other = createStore({ databaseUrl: url, blobs: postgres.blobs });
    const claim = await claimedJob(other);
    const tail = other.tailEvents(claim.jobId, 0, new AbortController().signal)[Symbol.asyncIterator]();
    await tail.next();
    const blocker = new pg.Client({ connectionString: url });
    await blocker.connect();
    await blocker.query('BEGIN');
    await blocker.query('LOCK TABLE events');
    const waiting = tail.next();
    await vi.waitUntil(async () => (await query(url, 'SELECT FROM pg_locks WHERE NOT granted')).length > 0);
    const closed = other.close();
    await blocker.end();
    await closed;
    expect((await waiting).done).toBe(true);
  });

  it('gets over the loss of its connections', async () => {
    const claim = await claimedJob(store);
    const aborter = new AbortController();
    const seen = readTo(store.tailEvents(claim.jobId, 0, aborter.signal), 4);
    await store.emit(claim, stage(1));
    await query(
      url,
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    await store.emit(claim, stage(2)).catch(() => store.emit(claim, stage(2)));
    await store.emit(claim, stage(3));
    expect(await seen).toEqual([1, 2, 3, 4]);
  });

  it('sees what another process stores', async () => {
    const other = createStore({ databaseUrl: url, blobs: postgres.blobs });
    const claim = await claimedJob(store);
    const seen = readTo(other.tailEvents(claim.jobId, 0, new AbortController().signal), 3);
    await store.emit(claim, stage(1));
    await store.emit(claim, stage(2));
    expect(await seen).toEqual([1, 2, 3]);
    await other.close();
  });
});

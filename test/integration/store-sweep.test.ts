import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createStore, type Store } from '@pentimento/store';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import { claimedJob, newJob, runIteration } from '../support/trajectory.ts';

let postgres: TestPostgres;
let store: Store;
let now: number;

const limits = { queuedMs: 30_000, maxRecoveries: 2 };
const passes = (ms: number) => {
  now += ms;
};

beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres?.stop());

beforeEach(async () => {
  now = Date.parse('2026-11-23T10:00:00.000Z');
  const clock = { now: () => now };
  store = createStore({ databaseUrl: await postgres.newDatabase(), blobs: postgres.blobs, clock });
  return () => store.close();
});

describe('the time of work', () => {
  it('is counted from heartbeat to heartbeat over all workers, and not while no worker runs', async () => {
    const job = await store.createJob(await newJob(store));
    passes(5_000);
    const first = (await store.claim(job.id, 'a', 60_000))!;
    passes(10_000);
    await store.heartbeat(first, 60_000);
    passes(1_500);
    await store.release(first);
    passes(100_000);
    const second = (await store.claim(job.id, 'b', 60_000))!;
    passes(2_000);
    await store.finish(second, { stopReason: 'plateau', outcome: 'best_effort', detail: '', error: null });
    expect(await store.getJob(job.id)).toMatchObject({
      spent: { seconds: 13.5 },
      startedAt: '2026-11-23T10:00:05.000Z',
      finishedAt: '2026-11-23T10:01:58.500Z',
    });
  });
});

describe('the sweep', () => {
  it('leaves alone what is in hand', async () => {
    await store.createJob(await newJob(store));
    const claim = await claimedJob(store);
    passes(29_000);
    expect(await store.sweep(limits)).toEqual([]);
    expect(await store.heartbeat(claim, 60_000)).toBe('held');
  });

  it('puts the job of a dead worker back in the queue', async () => {
    const claim = await claimedJob(store);
    const iteration = await runIteration(store, claim, 0, 0.5);
    passes(60_001);
    expect(await store.sweep(limits)).toEqual([{ jobId: claim.jobId, token: claim.token, reason: 'dead_worker' }]);
    expect(await store.getJob(claim.jobId)).toMatchObject({ status: 'queued', spent: { seconds: 0 } });
    expect((await store.listEvents(claim.jobId, 0)).at(-1)).toMatchObject({
      type: 'job.queued',
      data: { reason: 'recovered' },
    });
    expect(await store.heartbeat(claim, 60_000)).toBe('lost');
    expect(await store.listIterations(claim.jobId)).toEqual([iteration]);
    expect(await store.sweep(limits)).toEqual([]);
  });

  it('keeps a job whose late worker beats before it', async () => {
    const claim = await claimedJob(store);
    passes(60_001);
    expect(await store.heartbeat(claim, 60_000)).toBe('held');
    expect(await store.sweep(limits)).toEqual([]);
  });

  it('ends a job that was to be canceled', async () => {
    const claim = await claimedJob(store);
    await runIteration(store, claim, 0, 0.5);
    await store.cancelJob(claim.jobId);
    passes(60_001);
    expect(await store.sweep(limits)).toEqual([]);
    expect(await store.getJob(claim.jobId)).toMatchObject({
      status: 'canceled',
      stopReason: 'user',
      outcome: 'best_effort',
      spent: { seconds: 0 },
    });
  });

  it('gives a job up that kills every worker, and not one that gets on', async () => {
    const poison = await store.createJob(await newJob(store));
    const slow = await store.createJob(await newJob(store));
    const die = async () => {
      await store.claim(poison.id, 'worker', 60_000);
      const claim = (await store.claim(slow.id, 'worker', 60_000))!;
      await runIteration(store, claim, (await store.getJob(slow.id))!.scores.length, 0.5);
      passes(60_001);
      return (await store.sweep(limits)).map((orphaned) => orphaned.jobId).toSorted();
    };
    const both = [poison.id, slow.id].toSorted();
    expect([await die(), await die(), await die()]).toEqual([both, both, [slow.id]]);
    expect(await store.getJob(poison.id)).toMatchObject({
      status: 'failed',
      stopReason: 'error',
      outcome: null,
      error: { code: 'worker-lost', message: expect.stringMatching(/^3 workers in a row died at iteration 0/) },
    });
    expect(await store.retryJob(poison.id)).toMatchObject({ changed: true });
    await store.claim(poison.id, 'worker', 60_000);
    passes(60_001);
    expect((await store.sweep(limits)).map((orphaned) => orphaned.jobId)).toContain(poison.id);
  });

  it('re-enqueues a job that no worker claimed, once in each interval and by one sweeper', async () => {
    const job = await store.createJob(await newJob(store));
    const lost = { jobId: job.id, token: 0, reason: 'lost_enqueue' };
    passes(30_001);
    const sweeps = await Promise.all([store.sweep(limits), store.sweep(limits)]);
    expect(sweeps.flat()).toEqual([lost]);
    expect(await store.sweep(limits)).toEqual([]);
    passes(30_001);
    expect(await store.sweep(limits)).toEqual([lost]);
  });

  it('recovers each job once when several sweep at once', async () => {
    const claims = await Promise.all(Array.from({ length: 5 }, () => claimedJob(store)));
    passes(60_001);
    const sweeps = await Promise.all([store.sweep(limits), store.sweep(limits), store.sweep(limits)]);
    const ids = sweeps.flat().map((orphaned) => orphaned.jobId);
    expect(ids.toSorted()).toEqual(claims.map((claim) => claim.jobId).toSorted());
  });
});

describe('a release', () => {
  it('gives the job back, and ends it where it was to be canceled', async () => {
    const claim = await claimedJob(store);
    expect(await store.release(claim)).toBe('written');
    expect(await store.release(claim)).toBe('lost');
    expect((await store.getJob(claim.jobId))!.status).toBe('queued');
    const other = await claimedJob(store);
    await store.cancelJob(other.jobId);
    await store.release(other);
    expect((await store.getJob(other.jobId))!.status).toBe('canceled');
  });
});

describe('the lease', () => {
  it('runs by the database clock where none is injected', async () => {
    const databaseUrl = await postgres.newDatabase();
    const real = createStore({ databaseUrl, blobs: postgres.blobs });
    try {
      const job = await real.createJob(await newJob(real));
      const claim = (await real.claim(job.id, 'a', -1))!;
      expect(await real.sweep(limits)).toEqual([{ jobId: job.id, token: claim.token, reason: 'dead_worker' }]);
      await real.claim(job.id, 'b', 60_000);
      expect(await real.sweep(limits)).toEqual([]);
      expect(Math.abs(Date.parse((await real.getJob(job.id))!.createdAt) - Date.now())).toBeLessThan(60_000);
    } finally {
      await real.close();
    }
  });
});

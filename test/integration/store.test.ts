import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RefinementResult } from '@pentimento/contracts';
import { createStore, type Claim, type Store } from '@pentimento/store';
import { MemoryBlobStore } from '../../libs/blob-store/src/testing/memory-blob-store.ts';
import { query, startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import {
  candidateFinished,
  claimedJob,
  newCall,
  newCandidate,
  newIteration,
  newJob,
  runIteration,
  withEvent,
} from '../support/trajectory.ts';

let postgres: TestPostgres;
let url: string;
let store: Store;

beforeAll(async () => {
  postgres = await startTestPostgres();
  url = await postgres.newDatabase();
  store = createStore({ databaseUrl: url, blobs: postgres.blobs });
});
afterAll(async () => {
  await store?.close();
  await postgres?.stop();
});

const succeeded: RefinementResult = {
  stopReason: 'threshold',
  outcome: 'threshold_met',
  detail: '0.96 is enough.',
  error: null,
};
const failed: RefinementResult = {
  stopReason: 'error',
  outcome: null,
  detail: 'It broke.',
  error: { code: 'internal', message: 'It broke; retry.' },
};
const types = async (jobId: string) => (await store.listEvents(jobId, 0)).map((event) => event.type);
/** As if another worker had taken the job over. */
const stale = (claim: Claim): Claim => ({ ...claim, token: claim.token - 1 });

describe('a new job', () => {
  it('is stored as given, queued, with its first event', async () => {
    const input = await newJob(store, { instructions: 'Keep the legend.', budget: { maxTokens: 5000 } });
    const job = await store.createJob(input);
    expect(job.id).toMatch(/^job_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(job).toMatchObject({ ...input, status: 'queued', best: null, scores: [], outcome: null, startedAt: null });
    expect(job.links.events).toBe(`/v1/jobs/${job.id}/events`);
    expect(await store.getJob(job.id)).toEqual(job);
    const fine = { ...input, target: { ...input.target, deviceScale: 1.5 } };
    expect((await store.createJob(fine)).target).toEqual(fine.target);
    expect(await store.listEvents(job.id, 0)).toEqual([
      { seq: 1, jobId: job.id, type: 'job.queued', data: { reason: 'created' }, at: job.createdAt },
    ]);
  });

  it('names only blobs that are stored', async () => {
    await expect(store.createJob(await newJob(store, { initialCode: 'f'.repeat(64) }))).rejects.toThrow();
  });

  it('is not there before it is created', async () => {
    expect(await store.getJob(`job_${randomUUID()}`)).toBeNull();
    expect(await store.cancelJob(`job_${randomUUID()}`)).toBeNull();
    expect(await store.retryJob(`job_${randomUUID()}`)).toBeNull();
    expect(await store.claim(`job_${randomUUID()}`, 'worker', 1000)).toBeNull();
  });

  it('fails loudly when its row is not as it should be', async () => {
    const job = await store.createJob(await newJob(store));
    await query(url, `UPDATE jobs SET policy = '{"threshold": 2}' WHERE id = $1`, [job.id]);
    await expect(store.getJob(job.id)).rejects.toThrow(/threshold/);
    await query(url, 'DELETE FROM jobs WHERE id = $1', [job.id]);
  });
});

describe('a claim', () => {
  it('is won by exactly one of twenty at once', async () => {
    const job = await store.createJob(await newJob(store));
    const claims = await Promise.all(Array.from({ length: 20 }, (_, i) => store.claim(job.id, `worker-${i}`, 60_000)));
    const won = claims.filter((claim) => claim !== null);
    expect(won).toHaveLength(1);
    expect(won[0]!.token).toBe(1);
    expect((await store.getJob(job.id))!).toMatchObject({ status: 'running', startedAt: expect.any(String) });
  });

  it('gets a higher token each time', async () => {
    const first = await claimedJob(store);
    await store.release(first);
    const second = await store.claim(first.jobId, 'worker-b', 60_000);
    expect(second!.token).toBe(first.token + 1);
    expect(await store.heartbeat(first, 60_000)).toBe('lost');
    expect(await store.heartbeat(second!, 60_000)).toBe('held');
  });

  it('writes nothing once it is stale, and says so', async () => {
    const claim = await claimedJob(store);
    const candidate = await newCandidate(store, claim.jobId, 0, 0, 0.5);
    const iteration = newIteration(claim.jobId, 0, [candidate], candidate);
    const before = await store.getJob(claim.jobId);
    const old = stale(claim);
    expect(await store.emit(old, { type: 'job.started', data: { worker: 'a', fromIteration: 0 } })).toBe('lost');
    expect(await store.recordCall(old, candidate.call!)).toBe('lost');
    expect(await store.appendCandidate(old, candidate, candidateFinished(candidate))).toBe('lost');
    expect(await store.appendRound(old, [withEvent(iteration)])).toBe('lost');
    expect(await store.finish(old, succeeded)).toBe('lost');
    expect(await store.release(old)).toBe('lost');
    expect(await store.heartbeat(old, 60_000)).toBe('lost');
    expect(await store.getJob(claim.jobId)).toEqual(before);
    expect(await types(claim.jobId)).toEqual(['job.queued']);
    expect(await store.findCall(claim, 0, 0)).toBeNull();
    expect(await store.listCandidates(claim.jobId)).toEqual([]);
  });

  it('writes nothing once its job has ended', async () => {
    const claim = await claimedJob(store);
    expect(await store.finish(claim, succeeded)).toBe('written');
    expect(await store.emit(claim, { type: 'job.started', data: { worker: 'a', fromIteration: 0 } })).toBe('lost');
    expect(await store.finish(claim, failed)).toBe('lost');
    expect((await store.getJob(claim.jobId))!.status).toBe('succeeded');
  });

  it('of one job cannot write to another', async () => {
    const claim = await claimedJob(store);
    const candidate = await newCandidate(store, (await claimedJob(store)).jobId, 0, 0, 0.5);
    await expect(store.appendCandidate(claim, candidate, candidateFinished(candidate))).rejects.toThrow(/cannot write/);
  });
});

describe('the trajectory', () => {
  it('comes back as it was appended, with the job up to date', async () => {
    const claim = await claimedJob(store);
    const bad = await newCandidate(store, claim.jobId, 0, 0, null);
    const good = await newCandidate(store, claim.jobId, 0, 1, 0.7);
    for (const candidate of [bad, good]) {
      expect(await store.recordCall(claim, candidate.call!)).toBe('written');
      expect(await store.appendCandidate(claim, candidate, candidateFinished(candidate))).toBe('written');
    }
    expect(await store.listCandidates(claim.jobId)).toEqual([bad, good]);
    expect(await store.listIterations(claim.jobId)).toEqual([]);
    const draft = newIteration(claim.jobId, 0, [bad, good], good);
    expect(await store.appendRound(claim, [withEvent(draft)])).toBe('written');
    const broken = await newCandidate(store, claim.jobId, 1, 0, null);
    await store.appendCandidate(claim, broken, candidateFinished(broken));
    const refine = newIteration(claim.jobId, 1, [broken], good);
    await store.appendRound(claim, [withEvent(refine)]);

    expect(await store.listIterations(claim.jobId)).toEqual([draft, refine]);
    expect(await store.getIteration(claim.jobId, 1)).toEqual(refine);
    expect(await store.getIteration(claim.jobId, 2)).toBeNull();
    expect(await store.getCandidate(good.id)).toEqual(good);
    expect(await store.findCandidate(claim, 0, 0)).toEqual(bad);
    expect(await store.findCall(claim, 0, 1)).toEqual(good.call);
    expect(await store.getJob(claim.jobId)).toMatchObject({
      best: { candidate: good.id, iteration: 0, overall: 0.7, code: good.code },
      scores: [0.7, null],
      spent: { inputTokens: 300, outputTokens: 60, cost: 0.75 },
    });
    const finished = ['candidate.finished', 'candidate.finished', 'iteration.finished'];
    expect(await types(claim.jobId)).toEqual(['job.queued', ...finished, 'candidate.finished', 'iteration.finished']);
  });

  it('is the same when the same is written again', async () => {
    const claim = await claimedJob(store);
    const iteration = await runIteration(store, claim, 0, 0.5);
    const [candidate] = iteration.candidates;
    const before = [await store.getJob(claim.jobId), await store.listEvents(claim.jobId, 0)];
    expect(await store.recordCall(claim, candidate!.call!)).toBe('written');
    expect(await store.appendCandidate(claim, candidate!, candidateFinished(candidate!))).toBe('written');
    expect(await store.appendRound(claim, [withEvent(iteration)])).toBe('written');
    expect([await store.getJob(claim.jobId), await store.listEvents(claim.jobId, 0)]).toEqual(before);
  });

  it('takes nothing else in the place of what is stored', async () => {
    const claim = await claimedJob(store);
    await runIteration(store, claim, 0, 0.5);
    const other = await newCandidate(store, claim.jobId, 0, 0, 0.9);
    await expect(store.appendCandidate(claim, other, candidateFinished(other))).rejects.toThrow(/is stored as cand_/);
    await expect(store.recordCall(claim, await newCall(store, 0, 0))).rejects.toThrow(/recorded with another reply/);
  });

  it('takes iterations in order, of stored candidates only, with a best that rendered', async () => {
    const claim = await claimedJob(store);
    const unstored = await newCandidate(store, claim.jobId, 0, 0, 0.5);
    const early = newIteration(claim.jobId, 1, [unstored], null);
    await expect(store.appendRound(claim, [withEvent(early)])).rejects.toThrow(/does not follow/);
    const hollow = newIteration(claim.jobId, 0, [unstored], null);
    await expect(store.appendRound(claim, [withEvent(hollow)])).rejects.toThrow(/not stored/);
    const unrendered = await newCandidate(store, claim.jobId, 0, 0, null);
    await store.appendCandidate(claim, unrendered, candidateFinished(unrendered));
    const wrong = newIteration(claim.jobId, 0, [unrendered], unrendered);
    await expect(store.appendRound(claim, [withEvent(wrong)])).rejects.toThrow(/no stored code/);
    expect((await store.getJob(claim.jobId))!.scores).toEqual([]);
  });

  it('stores what hostile replies and logs say, without what PostgreSQL refuses', async () => {
    const claim = await claimedJob(store, { name: 'a\0b.png', instructions: '\0' });
    const input = await newCandidate(store, claim.jobId, 0, 0, null);
    const message = 'before\0after \ud800 end';
    const candidate = {
      ...input,
      parseDetail: 'nul \0 here',
      render: { status: 'failed', kind: 'syntax', message, renderer: 'svg', ms: 1 } as const,
    };
    expect(await store.appendCandidate(claim, candidate, candidateFinished(candidate))).toBe('written');
    const stored = await store.getCandidate(candidate.id);
    expect(stored).toMatchObject({ parseDetail: 'nul  here', render: { message: 'beforeafter \ufffd end' } });
    expect(await store.getJob(claim.jobId)).toMatchObject({ name: 'ab.png', instructions: '' });
    const error = { code: 'internal', message: 'a\0b' };
    expect(await store.finish(claim, { ...failed, error, detail: '\0' })).toBe('written');
    expect((await store.getJob(claim.jobId))!.error!.message).toBe('ab');
  });
});

describe('an ending', () => {
  it('sets the status that its reason leads to, with its event', async () => {
    const claim = await claimedJob(store);
    await runIteration(store, claim, 0, 0.96);
    expect(await store.finish(claim, succeeded)).toBe('written');
    const job = (await store.getJob(claim.jobId))!;
    expect(job).toMatchObject({
      status: 'succeeded',
      outcome: 'threshold_met',
      stopReason: 'threshold',
      stopDetail: '0.96 is enough.',
      error: null,
    });
    expect((await store.listEvents(claim.jobId, 0)).at(-1)).toMatchObject({
      type: 'job.finished',
      at: job.finishedAt,
      data: { status: 'succeeded', outcome: 'threshold_met', best: 0.96 },
    });
  });

  it('has failed with nothing to show, though it was the time that stopped it', async () => {
    const claim = await claimedJob(store);
    await store.finish(claim, { ...succeeded, stopReason: 'timeout', outcome: 'nothing_rendered' });
    expect(await store.getJob(claim.jobId)).toMatchObject({ status: 'failed', stopReason: 'timeout' });
  });

  it('after a cancel keeps a result that was there first', async () => {
    const claim = await claimedJob(store);
    expect(await store.cancelJob(claim.jobId)).toMatchObject({ changed: true, job: { status: 'canceling' } });
    expect(await store.cancelJob(claim.jobId)).toMatchObject({ changed: false });
    expect(await store.heartbeat(claim, 60_000)).toBe('canceling');
    await store.finish(claim, succeeded);
    expect((await store.getJob(claim.jobId))!.status).toBe('succeeded');
    expect(await types(claim.jobId)).toEqual(['job.queued', 'job.canceling', 'job.finished']);
  });

  it('after a cancel turns an error into what the user asked for', async () => {
    const claim = await claimedJob(store);
    await runIteration(store, claim, 0, 0.4);
    await store.cancelJob(claim.jobId);
    await store.finish(claim, failed);
    expect(await store.getJob(claim.jobId)).toMatchObject({
      status: 'canceled',
      stopReason: 'user',
      outcome: 'best_effort',
      error: null,
      stopDetail: 'Canceled by the user. It broke.',
    });
  });

  it('of a queued job comes at once with the cancel', async () => {
    const job = await store.createJob(await newJob(store));
    const canceled = await store.cancelJob(job.id);
    expect(canceled).toMatchObject({
      changed: true,
      job: { status: 'canceled', stopReason: 'user', outcome: null, finishedAt: expect.any(String) },
    });
    expect(await types(job.id)).toEqual(['job.queued', 'job.finished']);
    expect(await store.claim(job.id, 'late', 1000)).toBeNull();
  });

  it('is taken back by a retry, which keeps the trajectory and what was spent', async () => {
    const claim = await claimedJob(store);
    const iteration = await runIteration(store, claim, 0, 0.4);
    await store.finish(claim, failed);
    const ended = (await store.getJob(claim.jobId))!;
    const retried = await store.retryJob(claim.jobId);
    expect(retried).toMatchObject({
      changed: true,
      job: { status: 'queued', outcome: null, stopReason: null, stopDetail: null, error: null, finishedAt: null },
    });
    expect(retried!.job).toMatchObject({ spent: ended.spent, best: ended.best, scores: [0.4] });
    expect(await store.retryJob(claim.jobId)).toMatchObject({ changed: false });
    const again = (await store.claim(claim.jobId, 'worker-b', 60_000))!;
    expect(again.token).toBe(claim.token + 1);
    expect(await store.listIterations(claim.jobId)).toEqual([iteration]);
    await runIteration(store, again, 1, 0.5);
    expect((await store.getJob(claim.jobId))!.scores).toEqual([0.4, 0.5]);
    expect((await store.listEvents(claim.jobId, 0)).map((event) => event.seq)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('in success cannot be retried', async () => {
    const claim = await claimedJob(store);
    await store.finish(claim, succeeded);
    expect(await store.retryJob(claim.jobId)).toMatchObject({ changed: false, job: { status: 'succeeded' } });
  });
});

describe('a deleted job', () => {
  const tables = ['iterations', 'candidates', 'model_calls', 'events'];
  const rowsOf = async (jobId: string) => {
    const counts = tables.map(async (table) => {
      const [row] = await query(url, `SELECT count(*)::int AS count FROM ${table} WHERE job_id = $1`, [jobId]);
      return [table, row!.count];
    });
    return Object.fromEntries(await Promise.all(counts)) as Record<string, number>;
  };
  const none = { iterations: 0, candidates: 0, model_calls: 0, events: 0 };

  it('is gone with all of its rows, and no other job is', async () => {
    const [claim, other] = [await claimedJob(store), await claimedJob(store)];
    const [gone, kept] = [await runIteration(store, claim, 0, 0.5), await runIteration(store, other, 0, 0.5)];
    await store.finish(claim, succeeded);
    const before = await rowsOf(other.jobId);
    expect(await store.deleteJob(claim.jobId)).toBe(true);
    expect(await store.getJob(claim.jobId)).toBeNull();
    expect(await store.getCandidate(gone.candidates[0]!.id)).toBeNull();
    expect(await rowsOf(claim.jobId)).toEqual(none);
    const rewards = `SELECT 1 FROM rewards WHERE candidate_id = $1`;
    expect(await query(url, rewards, [gone.candidates[0]!.id])).toEqual([]);
    expect(await query(url, rewards, [kept.candidates[0]!.id])).toHaveLength(1);
    expect(await rowsOf(other.jobId)).toEqual(before);
    expect(await store.listIterations(other.jobId)).toEqual([kept]);
  });

  it('cannot be deleted again, and neither can one that never was', async () => {
    const job = await store.createJob(await newJob(store));
    expect([await store.deleteJob(job.id), await store.deleteJob(job.id)]).toEqual([true, false]);
    expect(await store.deleteJob(`job_${randomUUID()}`)).toBe(false);
    expect(await store.deleteJob('job\0')).toBe(false);
  });

  it('is lost to the worker that held it, which stores nothing more', async () => {
    const claim = await claimedJob(store);
    await runIteration(store, claim, 0, 0.5);
    const candidate = await newCandidate(store, claim.jobId, 1, 0, 0.6);
    const iteration = newIteration(claim.jobId, 1, [candidate], candidate);
    await store.deleteJob(claim.jobId);
    expect(await store.heartbeat(claim, 60_000)).toBe('lost');
    expect(await store.recordCall(claim, candidate.call!)).toBe('lost');
    expect(await store.appendCandidate(claim, candidate, candidateFinished(candidate))).toBe('lost');
    expect(await store.appendRound(claim, [withEvent(iteration)])).toBe('lost');
    expect(await store.emit(claim, { type: 'job.started', data: { worker: 'a', fromIteration: 0 } })).toBe('lost');
    expect(await store.release(claim)).toBe('lost');
    expect(await store.finish(claim, succeeded)).toBe('lost');
    expect(await store.findCall(claim, 0, 0)).toBeNull();
    expect(await rowsOf(claim.jobId)).toEqual(none);
  });

  it('leaves nothing behind if it is deleted while its worker writes', async () => {
    const claim = await claimedJob(store);
    const candidates = await Promise.all(
      Array.from({ length: 8 }, (_, index) => newCandidate(store, claim.jobId, 0, index, 0.5)),
    );
    const [deleted, ...results] = await Promise.all([
      store.deleteJob(claim.jobId),
      ...candidates.map((candidate) => store.appendCandidate(claim, candidate, candidateFinished(candidate))),
    ]);
    expect(deleted).toBe(true);
    for (const result of results) expect(['written', 'lost']).toContain(result);
    expect(await rowsOf(claim.jobId)).toEqual(none);
  });
});

describe('blobs', () => {
  it('are stored once, with the type they first had', async () => {
    const bytes = new TextEncoder().encode(randomUUID());
    const id = await store.blobs.put(bytes, 'text/plain');
    expect(await store.blobs.put(bytes, 'text/html')).toBe(id);
    expect(await store.blobs.stat(id)).toEqual({ mediaType: 'text/plain', bytes: 36 });
    expect(Buffer.from((await store.blobs.get(id))!)).toEqual(Buffer.from(bytes));
  });

  it('are null if they are not stored', async () => {
    expect(await store.blobs.get('0'.repeat(64))).toBeNull();
    expect(await store.blobs.stat('0'.repeat(64))).toBeNull();
  });

  it('are kept in the blob store that is injected, and refused once their bytes have changed there', async () => {
    const content = new Map<string, { content: Buffer; modifiedAt: Date }>();
    const other = createStore({ databaseUrl: url, blobs: new MemoryBlobStore(content) });
    try {
      const bytes = Buffer.from(randomUUID());
      const id = await other.blobs.put(bytes, 'text/plain');
      expect([...content.keys()]).toEqual([id]);
      expect(await other.blobs.get(id)).toEqual(bytes);
      expect(await store.blobs.get(id)).toBeNull();
      content.set(id, { content: Buffer.from('changed'), modifiedAt: new Date() });
      await expect(other.blobs.get(id)).rejects.toThrow(/have the SHA-256 [0-9a-f]{64}: restore the blob/);
    } finally {
      await other.close();
    }
  });
});

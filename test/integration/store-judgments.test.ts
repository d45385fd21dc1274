import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createJudgmentSchema,
  currentJudgments,
  listJobsSchema,
  type CreateJudgmentInput,
} from '@pentimento/contracts';
import { createStore, type Store } from '@pentimento/store';
import { query, startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import { claimedJob, newJob, runIteration } from '../support/trajectory.ts';

let postgres: TestPostgres;
let url: string;
let store: Store;
let now = Date.parse('2026-11-30T10:00:00.000Z');

beforeAll(async () => {
  postgres = await startTestPostgres();
  url = await postgres.newDatabase();
  store = createStore({ databaseUrl: url, blobs: postgres.blobs, clock: { now: () => now } });
});
afterAll(async () => {
  await store?.close();
  await postgres?.stop();
});

const judge = (candidate: string, judgment: CreateJudgmentInput) =>
  store.createJudgment(candidate, createJudgmentSchema.parse(judgment));

/** A job of two iterations, with the ids of their candidates. */
async function twoCandidates() {
  const claim = await claimedJob(store);
  const first = await runIteration(store, claim, 0, 0.5);
  const second = await runIteration(store, claim, 1, 0.7);
  return { claim, jobId: claim.jobId, a: first.candidates[0]!.id, b: second.candidates[0]!.id };
}

describe('judgments', () => {
  it('are stored as given, with their job and time, oldest first', async () => {
    const { jobId, a, b } = await twoCandidates();
    const author = { kind: 'model', name: 'judge-7b' } as const;
    const first = await judge(a, { verdict: 'reject', note: 'The axis is missing. \u{1F4C9}' });
    now -= 1000;
    const second = await judge(b, { preferredOver: a, author });
    expect(first).toEqual({
      id: expect.stringMatching(/^judg_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      jobId,
      candidate: a,
      verdict: 'reject',
      preferredOver: null,
      note: 'The axis is missing. \u{1F4C9}',
      author: { kind: 'human', name: '' },
      createdAt: new Date(now + 1000).toISOString(),
      withdrawnAt: null,
    });
    expect(second).toMatchObject({ candidate: b, preferredOver: a, verdict: null, note: '', author });
    expect(await store.listJudgments(jobId)).toEqual([first, second]);
  });

  it('replace an earlier one of the same author, which stays as history', async () => {
    const { jobId, a } = await twoCandidates();
    for (const verdict of ['accept', 'reject', 'accept'] as const) await judge(a, { verdict });
    const all = await store.listJudgments(jobId);
    expect(all.map(({ verdict }) => verdict)).toEqual(['accept', 'reject', 'accept']);
    expect(currentJudgments(all)).toEqual([all[2]]);
  });

  it('are withdrawn once, and stay as history', async () => {
    const { jobId, a } = await twoCandidates();
    await judge(a, { verdict: 'accept' });
    const { id } = (await store.listJudgments(jobId))[0]!;
    const withdrawnAt = new Date(now).toISOString();
    expect(await store.withdrawJudgment(id)).toBe(true);
    now += 1000;
    expect(await store.withdrawJudgment(id)).toBe(true);
    const all = await store.listJudgments(jobId);
    expect(all).toMatchObject([{ id, verdict: 'accept', withdrawnAt }]);
    expect(currentJudgments(all)).toEqual([]);
    for (const unknown of [`judg_${randomUUID()}`, 'x\0']) expect(await store.withdrawJudgment(unknown)).toBe(false);
  });

  it('are refused on an unknown candidate, and over anything but another candidate of the job', async () => {
    const [{ jobId, a }, other] = [await twoCandidates(), await twoCandidates()];
    expect(await judge(`cand_${randomUUID()}`, { verdict: 'accept' })).toBe('no_candidate');
    for (const preferredOver of [a, other.a, `cand_${randomUUID()}`]) {
      expect(await judge(a, { preferredOver })).toBe('no_other');
    }
    expect(await store.listJudgments(jobId)).toEqual([]);
  });

  it('do not disturb the worker of their job', async () => {
    const { claim, jobId, b } = await twoCandidates();
    await judge(b, { verdict: 'accept' });
    expect(await store.heartbeat(claim, 60_000)).toBe('held');
    await runIteration(store, claim, 2, 0.9);
    expect(await store.listJudgments(jobId)).toHaveLength(1);
  });

  it('are deleted with their job', async () => {
    const { jobId, a, b } = await twoCandidates();
    await judge(a, { verdict: 'accept' });
    await judge(b, { preferredOver: a });
    expect(await store.deleteJob(jobId)).toBe(true);
    expect(await query(url, 'SELECT id FROM judgments WHERE job_id = $1', [jobId])).toEqual([]);
    expect(await judge(a, { verdict: 'accept' })).toBe('no_candidate');
    expect(await store.listJudgments(jobId)).toEqual([]);
  });

  it('made while their job is deleted are deleted with it or refused', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { jobId, a, b } = await twoCandidates();
      const made = await Promise.all([
        judge(a, { verdict: 'accept' }),
        judge(b, { preferredOver: a }),
        store.deleteJob(jobId),
        judge(b, { note: 'Too late?' }),
      ]);
      expect(made[2]).toBe(true);
      expect(await query(url, 'SELECT id FROM judgments WHERE job_id = $1', [jobId])).toEqual([]);
    }
  });
});

describe('tags', () => {
  const list = async (tag: string) =>
    (await store.listJobs(listJobsSchema.parse({ tag, limit: '100' }))).data.map(({ name }) => name).toSorted();

  it('are none at first, and are replaced as a whole by a sorted set', async () => {
    const { id, tags } = await store.createJob(await newJob(store));
    expect(tags).toEqual([]);
    expect((await store.setTags(id, ['zebra', 'chart', 'zebra']))!.tags).toEqual(['chart', 'zebra']);
    expect((await store.setTags(id, ['set:v1/train']))!.tags).toEqual(['set:v1/train']);
    expect((await store.getJob(id))!.tags).toEqual(['set:v1/train']);
    expect((await store.setTags(id, []))!.tags).toEqual([]);
    expect(await store.setTags(`job_${randomUUID()}`, ['chart'])).toBeNull();
  });

  it('stay while the job runs and is retried', async () => {
    const { claim, jobId } = await twoCandidates();
    await store.setTags(jobId, ['kept']);
    await runIteration(store, claim, 2, 0.8);
    await store.release(claim);
    expect((await store.getJob(jobId))!.tags).toEqual(['kept']);
  });

  it('filter the list of jobs and its counts: one tag, or all of several', async () => {
    for (const [name, tags] of Object.entries({ apple: ['red'], car: ['red', 'big'], whale: ['big'], stone: [] })) {
      await store.setTags((await store.createJob(await newJob(store, { name }))).id, tags);
    }
    expect(await list('red')).toEqual(['apple', 'car']);
    expect(await list('big,red')).toEqual(['car']);
    expect(await list('re')).toEqual([]);
    expect(await list('Red')).toEqual([]);
    expect((await store.listJobs(listJobsSchema.parse({ tag: 'big' }))).counts).toMatchObject({
      queued: 2,
      running: 0,
    });
  });
});

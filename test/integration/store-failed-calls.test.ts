import { afterAll, beforeAll, expect, it } from 'vitest';
import { createStore, type Store } from '@pentimento/store';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import { claimedJob, newCall } from '../support/trajectory.ts';

let postgres: TestPostgres;
let store: Store;

beforeAll(async () => {
  postgres = await startTestPostgres();
  store = createStore({ databaseUrl: await postgres.newDatabase(), blobs: postgres.blobs });
});
afterAll(async () => {
  await store?.close();
  await postgres?.stop();
});

async function newFailedCall(message: string) {
  const { prompt, model, sampling } = await newCall(store, 0, 1);
  const failure = { kind: 'refused', message, attempts: 2 } as const;
  return { iteration: 0, candidate: 1, model, prompt, sampling, failure, at: '2026-11-30T10:00:00.000Z' };
}

it('keeps every failed call of a position, in order, until its job is deleted', async () => {
  const claim = await claimedJob(store);
  const calls = [await newFailedCall('No.'), await newFailedCall('No again.')];
  for (const call of calls) expect(await store.recordFailedCall(claim, call)).toBe('written');
  expect(await store.listFailedCalls(claim.jobId)).toEqual(calls);
  await store.deleteJob(claim.jobId);
  expect(await store.listFailedCalls(claim.jobId)).toEqual([]);
});

it('stores no failed call under a lost claim', async () => {
  const claim = await claimedJob(store);
  const stale = { ...claim, token: claim.token - 1 };
  expect(await store.recordFailedCall(stale, await newFailedCall('No.'))).toBe('lost');
  expect(await store.listFailedCalls(claim.jobId)).toEqual([]);
});

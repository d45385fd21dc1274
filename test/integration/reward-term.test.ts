import { afterAll, beforeAll, expect, it } from 'vitest';
import { policySchema, type Candidate, type RewardRecord } from '@pentimento/contracts';
import { erase, example } from '@pentimento/imaging/testing';
import { createReward } from '@pentimento/reward';
import { toyRegistry } from '@pentimento/reward/testing';
import { createStore, type Store } from '@pentimento/store';
import { scoreAtLeast } from '../../libs/agent/src/loop/stop.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import { candidateFinished, claimedJob, newCandidate } from '../support/trajectory.ts';

/** `inkShare` is a term of the tests: a file and a line of their registry. */
const policy = policySchema.parse({ profile: 'inkShare', threshold: 0.9 });
const reward = createReward({ terms: toyRegistry });

let postgres: TestPostgres;
let store: Store;
let stored: Candidate;
let record: RewardRecord;

beforeAll(async () => {
  postgres = await startTestPostgres();
  store = createStore({ databaseUrl: await postgres.newDatabase(), blobs: postgres.blobs });
  const target = example('badge');
  const input = { target, render: await erase(target, 0.3), alignment: 1 } as const;
  record = await reward.score(input, new AbortController().signal);
  const claim = await claimedJob(store, { policy });
  const candidate = { ...(await newCandidate(store, claim.jobId, 0, 0, 0.5)), reward: record };
  await store.recordCall(claim, candidate.call!);
  await store.appendCandidate(claim, candidate, candidateFinished(candidate));
  stored = (await store.getCandidate(candidate.id))!;
  expect((await store.getJob(claim.jobId))!.policy.profile).toBe('inkShare');
});
afterAll(async () => {
  await reward.close();
  await store?.close();
  await postgres?.stop();
});

it('is stored with a candidate and read back with every digit', () => {
  expect(record.terms.inkShare).toBeGreaterThan(0.5);
  expect(record.terms.inkShare).toBeLessThan(1);
  expect(stored.reward).toEqual(record);
});

it('is what a threshold reads', () => {
  const { overall, inkShare } = stored.reward.terms;
  const state = { tree: { best: stored, iterations: [] }, tokens: 0, cost: 0, seconds: 0 };
  const stopAt = (threshold: number) => scoreAtLeast({ ...policy, threshold })(state as never);
  expect(inkShare).not.toBe(overall);
  expect(stopAt(inkShare! + 1e-6)).toBeUndefined();
  expect(stopAt(inkShare! - 1e-6)).toMatchObject({ reason: 'threshold', detail: expect.stringContaining('ink share') });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PartialReply } from '@pentimento/contracts';
import { createStore, type Claim, type Store } from '@pentimento/store';
import { query, startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import { claimedJob } from '../support/trajectory.ts';

let postgres: TestPostgres;
let url: string;
let store: Store;
let now: number;

beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres?.stop());
beforeEach(async () => {
  url = await postgres.newDatabase();
  now = Date.UTC(2026, 0, 1);
  store = createStore({ databaseUrl: url, blobs: postgres.blobs, clock: { now: () => now } });
  return () => store.close();
});

const reply = (text: string, change: Partial<PartialReply> = {}): PartialReply => ({
  iteration: 0,
  candidate: 0,
  attempt: 1,
  text,
  length: text.length,
  reasoning: '',
  reasoningLength: 0,
  outputTokens: 1,
  tokensEstimated: true,
  ms: 0,
  ...change,
});
const textsOf = async ({ jobId }: Pick<Claim, 'jobId'>) =>
  (await store.partialReplies.list(jobId)).map(({ candidate, text }) => [candidate, text]);
const rows = () => query(url, 'SELECT token FROM partial_replies');

/** Another worker takes the job over after the first one's lease has expired. */
async function takeOver({ jobId }: Claim): Promise<Claim> {
  now += 61_000;
  await store.sweep({ queuedMs: 1000, maxRecoveries: 3 });
  const claim = await store.claim(jobId, 'worker-b', 60_000);
  if (!claim) throw new Error('The job could not be taken over.');
  return claim;
}

describe('partial replies', () => {
  it('are replaced as they grow, and taken away when their calls end', async () => {
    const claim = await claimedJob(store);
    const write = store.partialReplies.write.bind(null, claim);
    expect(await write([reply('<sv'), reply('<g', { candidate: 1 })], [])).toBe('written');
    expect(await write([reply('<svg>')], [])).toBe('written');
    expect(await textsOf(claim)).toEqual([
      [0, '<svg>'],
      [1, '<g'],
    ]);
    await write([reply('<g/>', { candidate: 1 })], [{ iteration: 0, candidate: 0 }]);
    expect(await textsOf(claim)).toEqual([[1, '<g/>']]);
  });

  it('are no events, and leave the trajectory as it is', async () => {
    const claim = await claimedJob(store);
    const before = await store.listEvents(claim.jobId, 0);
    await store.partialReplies.write(claim, [reply('<svg>')], []);
    expect(await store.listEvents(claim.jobId, 0)).toEqual(before);
    expect(await store.findCall(claim, 0, 0)).toBeNull();
    expect(await query(url, `SELECT relpersistence AS kind FROM pg_class WHERE relname = 'partial_replies'`)).toEqual([
      { kind: 'u' },
    ]);
  });

  it('are stored without what PostgreSQL cannot store', async () => {
    const claim = await claimedJob(store);
    await store.partialReplies.write(claim, [reply('a\0b\ud800')], []);
    expect(await textsOf(claim)).toEqual([[0, 'ab\ufffd']]);
  });

  it('of a dead worker are not shown once its lease has expired, and are swept', async () => {
    const claim = await claimedJob(store);
    await store.partialReplies.write(claim, [reply('<svg>')], []);
    now += 61_000;
    expect(await textsOf(claim)).toEqual([]);
    const next = await takeOver(claim);
    expect(await textsOf(claim)).toEqual([]);
    await store.partialReplies.write(next, [reply('<svg ', { candidate: 1 })], []);
    await store.sweep({ queuedMs: 1000, maxRecoveries: 3 });
    expect(await rows()).toEqual([{ token: next.token }]);
  });

  it('of a lost claim are neither written nor taken away', async () => {
    const claim = await claimedJob(store);
    const next = await takeOver(claim);
    await store.partialReplies.write(next, [reply('new')], []);
    expect(await store.partialReplies.write(claim, [reply('old')], [{ iteration: 0, candidate: 0 }])).toBe('lost');
    expect(await textsOf(next)).toEqual([[0, 'new']]);
  });

  it('end with their job, and go with it', async () => {
    const claim = await claimedJob(store);
    await store.partialReplies.write(claim, [reply('<svg>')], []);
    const result = { stopReason: 'user', outcome: null, detail: '', error: null } as const;
    await store.finish(claim, result);
    expect(await textsOf(claim)).toEqual([]);
    expect(await store.partialReplies.write(claim, [reply('<svg>')], [])).toBe('lost');
    await store.deleteJob(claim.jobId);
    expect(await rows()).toEqual([]);
  });
});

describe('a tail of partial replies', () => {
  it('gives what is there, then each change to several readers of another process', async () => {
    const claim = await claimedJob(store);
    await store.partialReplies.write(claim, [reply('a')], []);
    const reader = createStore({ databaseUrl: url, blobs: postgres.blobs, clock: { now: () => now } });
    const leaving = new AbortController();
    const tails = [1, 2].map(() => reader.partialReplies.tail(claim.jobId, leaving.signal)[Symbol.asyncIterator]());
    const next = async () =>
      (await Promise.all(tails.map((tail) => tail.next()))).map(({ value }) =>
        (value as PartialReply[]).map(({ text }) => text),
      );
    expect(await next()).toEqual([['a'], ['a']]);
    await store.partialReplies.write(claim, [reply('ab')], []);
    expect(await next()).toEqual([['ab'], ['ab']]);
    await store.partialReplies.write(claim, [], [{ iteration: 0, candidate: 0 }]);
    expect(await next()).toEqual([[], []]);
    leaving.abort();
    expect(await Promise.all(tails.map((tail) => tail.next()))).toMatchObject([{ done: true }, { done: true }]);
    await reader.close();
  });
});

describe('a worker', () => {
  it('is woken when its job is to stop or is deleted', async () => {
    const claim = await claimedJob(store);
    let woken = Promise.withResolvers<void>();
    const unsubscribe = store.onStop(claim.jobId, () => woken.resolve());
    // The first wake is that of the connection.
    await woken.promise;
    for (const stop of [() => store.cancelJob(claim.jobId), () => store.deleteJob(claim.jobId)]) {
      woken = Promise.withResolvers();
      await stop();
      await woken.promise;
    }
    unsubscribe();
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listJobsSchema, type OpenTurn } from '@pentimento/contracts';
import { createStore, type Claim, type NewEpisode, type NewJob, type Store } from '@pentimento/store';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import { blob, newJob, runIteration } from '../support/trajectory.ts';

const hour = 3_600_000;
const limits = { leaseMs: 60_000, maxRecoveries: 2 };
const noRetention = { maxAgeDays: null, maxJobs: null };

let postgres: TestPostgres;
let store: Store;
let now: number;
const passes = (ms: number) => (now += ms);

beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres?.stop());
beforeEach(async () => {
  now = Date.parse('2026-11-30T10:00:00.000Z');
  const clock = { now: () => now };
  store = createStore({ databaseUrl: await postgres.newDatabase(), blobs: postgres.blobs, clock });
  return () => store.close();
});

const episode = (parts: Partial<NewEpisode> = {}): NewEpisode => ({
  ...{ session: 'run-1', group: 'task-7', imagesAsBlobs: false, idleMs: hour, maxOpen: 10 },
  ...parts,
});

const tryBegin = async (parts: Partial<NewEpisode> = {}, job: Partial<NewJob> = {}) =>
  store.episodes.begin(await newJob(store, job), episode(parts), { worker: 'api-1', leaseMs: limits.leaseMs });

async function begin(parts: Partial<NewEpisode> = {}) {
  const begun = await tryBegin(parts);
  if (begun === 'full') throw new Error('There is no room for an episode.');
  return begun;
}

const turnOf = async (iteration: number, prompt = `prompt ${iteration}`): Promise<OpenTurn> => ({
  iteration,
  prompt: await blob(store, prompt),
  startedAt: new Date(now).toISOString(),
});

const find = async (session = 'run-1') => (await store.episodes.find(session))!;
const claim = async (jobId: string) => store.episodes.claim({ jobId, token: (await find()).token }, 'api-2', limits);
const typesOf = async ({ jobId }: Claim) => (await store.listEvents(jobId, 0)).map(({ type }) => type);

describe('an episode', () => {
  it('is a job that is claimed, waits for its caller between two claims, and says what is open', async () => {
    const { job, claim: first } = await begin();
    expect(job).toMatchObject({
      ...{ kind: 'environment', status: 'running' },
      episode: { session: 'run-1', number: 1, group: 'task-7' },
    });
    expect(await find()).toMatchObject({ turn: null, expiresAt: null });
    const turn = await turnOf(0);
    expect(await store.episodes.open(first, turn)).toBe('written');
    expect(await find()).toEqual({
      job: await store.getJob(job.id),
      token: first.token,
      imagesAsBlobs: false,
      turn,
      expiresAt: '2026-11-30T11:00:00.000Z',
    });
    expect((await find()).job.status).toBe('waiting');
    expect(await store.heartbeat(first, 60_000)).toBe('lost');

    const second = (await claim(job.id))!;
    expect(second.token).toBe(first.token + 1);
    expect(await claim(job.id)).toBeNull();
    await runIteration(store, second, 0, 0.5);
    expect((await find()).turn).toBeNull();
    await store.episodes.open(second, await turnOf(1));
    expect((await find()).turn).toMatchObject({ iteration: 1 });
    expect(await typesOf(first)).toEqual([
      'job.started',
      'job.waiting',
      'job.started',
      'candidate.finished',
      'iteration.finished',
      'job.waiting',
    ]);
  });

  it('is not claimed by who has found it as it was before another claim', async () => {
    const { job, claim: first } = await begin();
    await store.episodes.open(first, await turnOf(0));
    const { token } = await find();
    const second = (await claim(job.id))!;
    await store.release(second);
    const found = { jobId: job.id, token };
    expect(await store.episodes.claim(found, 'api-3', limits)).toBeNull();
    expect(await claim(job.id)).toMatchObject({ token: token + 2 });
  });

  it('counts the seconds of its claims only', async () => {
    const { job, claim: first } = await begin();
    passes(2_000);
    await store.episodes.open(first, await turnOf(0));
    passes(600_000);
    const second = (await claim(job.id))!;
    passes(3_000);
    await store.finish(second, { stopReason: 'threshold', outcome: 'threshold_met', detail: '', error: null });
    expect(await find()).toMatchObject({ turn: null, expiresAt: null, job: { spent: { seconds: 5 } } });
  });

  it('is not listed among refinements, and is by its kind', async () => {
    const { job } = await begin();
    const refinement = await store.createJob(await newJob(store));
    const list = async (query: object) => {
      const { data, counts } = await store.listJobs(listJobsSchema.parse(query));
      return { ids: data.map(({ id }) => id), running: counts.running };
    };
    expect(await list({})).toEqual({ ids: [refinement.id], running: 0 });
    expect(await list({ kind: 'environment' })).toEqual({ ids: [job.id], running: 1 });
    const both = await list({ kind: 'refinement,environment' });
    expect(both.ids.toSorted()).toEqual([job.id, refinement.id].toSorted());
  });

  it('cannot be retried or taken by a worker of the queue', async () => {
    const { job, claim: held } = await begin();
    await store.episodes.open(held, await turnOf(0));
    expect(await store.claim(job.id, 'worker', 60_000)).toBeNull();
    expect(await store.sweep({ queuedMs: 0, maxRecoveries: 2 })).toEqual([]);
    expect((await store.cancelJob(job.id))?.job.status).toBe('canceled');
    expect(await store.retryJob(job.id)).toMatchObject({ changed: false, job: { status: 'canceled' } });
  });

  it('goes back to its caller when its worker gives it up, at the same turn', async () => {
    const { job, claim: first } = await begin();
    const turn = await turnOf(0);
    await store.episodes.open(first, turn);
    const second = (await claim(job.id))!;
    expect(await store.release(second)).toBe('written');
    expect(await find()).toMatchObject({ turn, job: { status: 'waiting' } });
  });

  it('ends as canceled where it is asked to stop while its worker gives out a turn', async () => {
    const { job, claim: held } = await begin();
    expect((await store.cancelJob(job.id))?.job.status).toBe('canceling');
    expect(await store.episodes.open(held, await turnOf(0))).toBe('written');
    expect(await find()).toMatchObject({ turn: null, job: { status: 'canceled', stopReason: 'user' } });
  });
});

describe('a reset', () => {
  it('ends the unfinished episode of its session, also under a worker, and counts on', async () => {
    const { claim: old } = await begin();
    const { job } = await begin();
    expect(job.episode).toMatchObject({ number: 2 });
    expect(await store.heartbeat(old, 60_000)).toBe('lost');
    expect(await store.getJob(old.jobId)).toMatchObject({
      status: 'canceled',
      stopDetail: 'A reset has begun a new episode.',
    });
    expect((await find()).job.id).toBe(job.id);
  });

  it('gives each of several resets at once an episode, of which one is unfinished', async () => {
    const begun = await Promise.all(Array.from({ length: 5 }, () => begin()));
    expect(begun.map(({ job }) => job.episode!.number).toSorted()).toEqual([1, 2, 3, 4, 5]);
    const { data } = await store.listJobs(listJobsSchema.parse({ kind: 'environment', status: 'running' }));
    expect(data.map(({ episode: found }) => found!.number)).toEqual([5]);
  });

  it('is refused while too many sessions are open, and ends nothing then', async () => {
    await Promise.all(['a', 'b'].map((session) => begin({ session, maxOpen: 2 })));
    expect(await tryBegin({ session: 'c', maxOpen: 2 })).toBe('full');
    expect(await tryBegin({ session: 'a', maxOpen: 1 })).toBe('full');
    expect((await find('a')).job.status).toBe('running');
    expect(await tryBegin({ session: 'a', maxOpen: 2 })).not.toBe('full');
    expect(await store.episodes.end('b')).toBe(true);
    expect(await tryBegin({ session: 'c', maxOpen: 2 })).not.toBe('full');
  });
});

describe('the end of a session', () => {
  it('ends what is unfinished, and changes nothing of what has ended', async () => {
    const { job } = await begin();
    expect(await store.episodes.end('run-1')).toBe(true);
    const ended = await store.getJob(job.id);
    expect(ended).toMatchObject({ status: 'canceled', stopDetail: 'Canceled by the user.' });
    expect(await store.episodes.end('run-1')).toBe(true);
    expect(await store.getJob(job.id)).toEqual(ended);
    expect(await store.episodes.end('run-2')).toBe(false);
    expect(await store.episodes.find('run-2')).toBeNull();
  });
});

describe('the sweep', () => {
  const sweep = () => store.sweep({ queuedMs: 30_000, maxRecoveries: limits.maxRecoveries });

  it('ends an episode whose caller is idle for too long', async () => {
    const { claim: held } = await begin();
    await store.episodes.open(held, await turnOf(0));
    passes(hour);
    expect(await sweep()).toEqual([]);
    expect((await find()).job.status).toBe('waiting');
    passes(1);
    expect(await sweep()).toEqual([]);
    expect((await find()).job).toMatchObject({
      ...{ status: 'canceled', outcome: null, stopReason: 'user' },
      stopDetail: 'No step came within 3600 seconds.',
    });
  });

  it('leaves the episode of a dead worker to its caller, and fails it where workers die over it again and again', async () => {
    const { job, claim: first } = await begin();
    const turn = await turnOf(0);
    await store.episodes.open(first, turn);
    await claim(job.id);
    passes(limits.leaseMs + 1);
    expect(await sweep()).toEqual([]);
    expect(await find()).toMatchObject({ turn, job: { status: 'waiting', spent: { seconds: 0 } } });

    await claim(job.id);
    passes(limits.leaseMs + 1);
    // Without the sweeper, the next claim finds that the worker is gone.
    expect(await claim(job.id)).toMatchObject({ jobId: job.id });
    passes(limits.leaseMs + 1);
    expect(await claim(job.id)).toBeNull();
    const { error, status } = (await find()).job;
    expect([status, error?.code]).toEqual(['failed', 'worker-lost']);
    expect(error?.message).toContain('reset the session');
  });
});

describe('pruning', () => {
  const prune = (retention = noRetention) =>
    store.prune({ retention: { ...noRetention, ...retention }, graceMs: 1000 });

  it('keeps the open prompt and its images, which no call names yet', async () => {
    const { job, claim: held } = await begin({ idleMs: 100 * hour });
    const image = await blob(store, 'a crop');
    const turn = await turnOf(0, JSON.stringify({ image }));
    await store.episodes.open(held, turn);
    passes(48 * hour);
    await prune();
    expect(await store.blobs.get(turn.prompt)).not.toBeNull();
    expect(await store.blobs.get(image)).not.toBeNull();

    await store.deleteJob(job.id);
    await prune();
    expect(await store.blobs.get(turn.prompt)).toBeNull();
    expect(await store.blobs.get(image)).toBeNull();
    expect(await store.episodes.find('run-1')).toBeNull();
  });

  it('deletes ended episodes as it does other jobs', async () => {
    const { job } = await begin();
    await store.episodes.end('run-1');
    passes(1000);
    await store.prune({ retention: { maxAgeDays: null, maxJobs: 0 }, graceMs: 1000 });
    expect(await store.getJob(job.id)).toBeNull();
  });
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RefinementResult, RoundStart } from '@pentimento/contracts';
import { createStore, type Claim, type NewIntervention, type Store, type StoredIntervention } from '@pentimento/store';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import {
  blob,
  candidateFinished,
  claimedJob,
  newCall,
  newCandidate,
  newJob,
  runIteration,
} from '../support/trajectory.ts';

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

const box = { x: 10, y: 20, width: 30, height: 40 };
const canceled: RefinementResult = { stopReason: 'user', outcome: 'best_effort', detail: 'Canceled.', error: null };
const failed: RefinementResult = {
  ...{ stopReason: 'error', outcome: 'best_effort', detail: 'The model is gone.' },
  error: { code: 'model_unavailable', message: 'Retry.' },
};

async function add(jobId: string, intervention: NewIntervention): Promise<StoredIntervention> {
  const stored = await store.createIntervention(jobId, intervention);
  if (typeof stored === 'string') throw new Error(stored);
  return stored;
}
const edit = async (candidate: string): Promise<NewIntervention> => ({
  ...{ kind: 'edit', candidate },
  code: await blob(store, `<svg/> ${randomUUID()}`),
});
const started = async (claim: Claim, iteration: number): Promise<RoundStart> => {
  const start = await store.beginRound(claim, iteration);
  if (start === 'lost') throw new Error('The claim is lost.');
  return start;
};
const heldFrom = async (claim: Claim, iteration: number) =>
  (await started(claim, iteration)).interventions.map(({ kind, fromIteration }) => [kind, fromIteration]);
const typesOf = async (jobId: string) => (await store.listEvents(jobId, 0)).map(({ type }) => type);

/** A claimed job of one iteration, with the id of its candidate. */
async function running() {
  const claim = await claimedJob(store);
  const { candidates } = await runIteration(store, claim, 0, 0.5);
  return { claim, id: claim.jobId, candidate: candidates[0]!.id };
}

async function ended(result = canceled) {
  const job = await running();
  await started(job.claim, 1);
  await store.finish(job.claim, result);
  return job;
}

const claimAgain = async (id: string): Promise<Claim> => (await store.claim(id, 'worker-b', 60_000))!;

describe('an intervention', () => {
  it('is stored as given and announced, and waits for the next round', async () => {
    const { claim, id, candidate } = await running();
    const { intervention, queued } = await add(id, { kind: 'fix', box, words: 'Too\0 dark.' });
    expect(queued).toBe(false);
    expect(intervention).toEqual({
      ...{ id: expect.stringMatching(/^intv_/), jobId: id, kind: 'fix', box, words: 'Too dark.' },
      ...{ fromIteration: null, untilIteration: null, withdrawnAt: null, createdAt: expect.any(String) },
    });
    await add(id, { kind: 'branch', candidate });
    expect((await store.listInterventions(id)).map(({ kind }) => kind)).toEqual(['fix', 'branch']);
    expect((await typesOf(id)).filter((type) => type === 'intervention.created')).toHaveLength(2);
    expect(await heldFrom(claim, 1)).toEqual([
      ['fix', 1],
      ['branch', 1],
    ]);
  });

  it('that comes when the round has begun holds from the next one on, also for the worker that takes over', async () => {
    const { claim, id } = await running();
    expect(await heldFrom(claim, 1)).toEqual([]);
    await add(id, { kind: 'lock', box });
    expect(await heldFrom(claim, 1)).toEqual([['lock', null]]);
    await store.release(claim);
    const other = await claimAgain(id);
    expect(await store.beginRound(claim, 1)).toBe('lost');
    expect(await heldFrom(other, 1)).toEqual([['lock', null]]);
    await runIteration(store, other, 1, 0.6);
    expect(await heldFrom(other, 2)).toEqual([['lock', 2]]);
  });

  it('that is withdrawn holds to the end of the round, and never where it still waited', async () => {
    const { claim, id } = await running();
    const { intervention: held } = await add(id, { kind: 'lock', box });
    await started(claim, 1);
    const { intervention: waited } = await add(id, { kind: 'fix', box, words: 'No.' });
    for (const each of [held, waited, held]) expect(await store.withdrawIntervention(each.id)).toBe('withdrawn');
    await started(claim, 1);
    expect((await store.listInterventions(id))[0]).toMatchObject({ fromIteration: 1, untilIteration: null });
    await runIteration(store, claim, 1, 0.6);
    await started(claim, 2);
    const [first, second] = await store.listInterventions(id);
    expect(first).toMatchObject({ fromIteration: 1, untilIteration: 2, withdrawnAt: expect.any(String) });
    expect(second).toMatchObject({ fromIteration: null, untilIteration: null });
    expect((await typesOf(id)).filter((type) => type === 'intervention.withdrawn')).toHaveLength(2);
  });

  it('that has taken effect is not withdrawn', async () => {
    const { claim, id, candidate } = await running();
    const { intervention } = await add(id, await edit(candidate));
    await started(claim, 1);
    expect(await store.withdrawIntervention(intervention.id)).toBe('in_effect');
    expect(await store.withdrawIntervention(`intv_${randomUUID()}`)).toBe('no_intervention');
  });

  it('is refused where it makes no sense', async () => {
    const { claim, id } = await running();
    const { id: elsewhere, candidate } = await running();
    const failure = await newCandidate(store, id, 1, 0, null);
    await store.appendCandidate(claim, failure, candidateFinished(failure));
    const unrendered = failure.id;
    const create = (intervention: NewIntervention, job = id) => store.createIntervention(job, intervention);
    expect(await create({ kind: 'lock', box }, `job_${randomUUID()}`)).toBe('no_job');
    expect(await create({ kind: 'lock', box: { ...box, width: 631 } })).toBe('outside');
    expect(await create({ kind: 'lock', box: { ...box, width: 630 } })).toMatchObject({ queued: false });
    expect(await create({ kind: 'branch', candidate })).toBe('no_candidate');
    expect(await create({ kind: 'branch', candidate: unrendered })).toBe('no_render');
    expect(await create(await edit(unrendered))).toMatchObject({ queued: false });
    expect(await create({ kind: 'continue' })).toBe('not_ended');
    const { job } = (await store.episodes.begin(
      await newJob(store),
      { session: randomUUID(), group: null, imagesAsBlobs: false, idleMs: 60_000, maxOpen: 1000 },
      { worker: 'worker-a', leaseMs: 60_000 },
    )) as { job: { id: string } };
    expect(await create({ kind: 'lock', box }, job.id)).toBe('episode');
    expect(await store.listInterventions(elsewhere)).toEqual([]);
  });

  it('is deleted with its job', async () => {
    const { id, candidate } = await running();
    await add(id, await edit(candidate));
    expect(await store.deleteJob(id)).toBe(true);
    expect(await store.listInterventions(id)).toEqual([]);
  });
});

describe('an ended job', () => {
  it('is queued for an edit, and remembers how it had ended until it ends again', async () => {
    const { id, candidate } = await ended(failed);
    await add(id, { kind: 'lock', box });
    expect((await store.getJob(id))!.status).toBe('failed');
    expect(await add(id, await edit(candidate))).toMatchObject({ queued: true });
    expect(await store.getJob(id)).toMatchObject({ status: 'queued', stopReason: null, error: null, finishedAt: null });
    const claim = await claimAgain(id);
    // The round that had begun without a reply begins again.
    expect(await started(claim, 1)).toMatchObject({
      endsAs: failed,
      interventions: [
        { kind: 'lock', fromIteration: 1 },
        { kind: 'edit', fromIteration: 1 },
      ],
    });
    expect(await store.finish(claim, failed)).toBe('written');
    await store.retryJob(id);
    expect(await started(await claimAgain(id), 1)).toMatchObject({ endsAs: null });
  });

  it('keeps what was decided for a round of which a reply is recorded', async () => {
    const job = await running();
    await started(job.claim, 1);
    await store.recordCall(job.claim, await newCall(store, 1, 0));
    await store.finish(job.claim, canceled);
    await add(job.id, await edit(job.candidate));
    const claim = await claimAgain(job.id);
    expect(await heldFrom(claim, 1)).toEqual([['edit', null]]);
    expect((await store.listInterventions(job.id))[0]).toMatchObject({ fromIteration: null });
  });

  it('goes on with other settings, and keeps those before', async () => {
    const { id } = await ended();
    const before = (await store.getJob(id))!;
    const changes = { policy: { threshold: 0.99, temperature: 0.5 }, budget: { maxCost: 2 }, model: 'openai/other' };
    const { intervention, queued } = await add(id, { kind: 'continue', ...changes });
    const { policy, budget, model } = before;
    expect(queued).toBe(true);
    expect(intervention).toMatchObject({ changes, before: { policy, budget, model } });
    expect(await store.getJob(id)).toMatchObject({
      ...{ status: 'queued', budget: { maxCost: 2 }, model: 'openai/other' },
      policy: { ...policy, threshold: 0.99, temperature: 0.5 },
    });
    expect((await store.listEvents(id, 0)).at(-1)).toMatchObject({ type: 'job.queued', data: { reason: 'continued' } });
    expect(await heldFrom(await claimAgain(id), 1)).toEqual([['continue', 1]]);
  });
});

describe('an edit that comes while a job is about to end', () => {
  it('queues the job again, which then ends as it would have', async () => {
    const { claim, id, candidate } = await running();
    await started(claim, 1);
    await add(id, await edit(candidate));
    expect(await store.finish(claim, canceled)).toBe('queued');
    expect((await typesOf(id)).slice(-1)).toEqual(['job.queued']);
    expect(await started(await claimAgain(id), 1)).toMatchObject({
      endsAs: canceled,
      interventions: [{ kind: 'edit', fromIteration: 1 }],
    });
  });

  it('does not queue a job for ever that fails when it runs it', async () => {
    const { id, candidate } = await ended();
    await add(id, await edit(candidate));
    const claim = await claimAgain(id);
    await add(id, await edit(candidate));
    expect(await store.finish(claim, failed)).toBe('written');
    expect((await store.getJob(id))!.status).toBe('failed');
  });

  it('runs after a cancel, too', async () => {
    const { claim, id, candidate } = await running();
    await started(claim, 1);
    await store.cancelJob(id);
    await add(id, await edit(candidate));
    expect(await store.finish(claim, canceled)).toBe('queued');
    const again = await claimAgain(id);
    await started(again, 1);
    expect(await store.finish(again, canceled)).toBe('written');
    expect((await store.getJob(id))!.status).toBe('canceled');
  });
});

it('a fork names the job and the candidate that it comes from, also when they are gone', async () => {
  const { id, candidate } = await running();
  const fork = await store.createJob(await newJob(store, { forkedFrom: { job: id, candidate } }));
  await store.deleteJob(id);
  expect((await store.getJob(fork.id))!.forkedFrom).toEqual({ job: id, candidate });
});

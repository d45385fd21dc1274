import type { ExportFilter, ModelCall, Outcome } from '@pentimento/contracts';
import { createStore, type NewJob, type Store } from '@pentimento/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import { candidateFinished, claimedJob, newCandidate, newIteration, withEvent } from '../support/trajectory.ts';

const textOnly = { level: 'text_only', reason: 'The server gives no tokens.' } as const;

let postgres: TestPostgres;
let store: Store;
let now = Date.parse('2026-11-30T10:00:00.000Z');
const ids: Record<string, string> = {};

/** A job with an iteration for each score, null where nothing rendered; the calls are as `calls` says, by iteration. */
interface Ended {
  scores: (number | null)[];
  parts?: Partial<NewJob>;
  calls?: (Partial<ModelCall> | null)[];
  outcome?: Outcome | null;
}

/** Creates the job, and a minute later ends it. */
async function addJob(name: string, { scores, parts = {}, calls = [], outcome = 'best_effort' }: Ended): Promise<void> {
  const claim = await claimedJob(store, { name, ...parts });
  let best: Awaited<ReturnType<typeof newCandidate>> | null = null;
  for (const [index, score] of scores.entries()) {
    const made = await newCandidate(store, claim.jobId, index, 0, score);
    const change = calls[index];
    const candidate = { ...made, call: change === null ? null : { ...made.call!, ...change } };
    if (score !== null && score > (best?.reward.terms.overall ?? -1)) best = candidate;
    await store.appendCandidate(claim, candidate, candidateFinished(candidate));
    await store.appendRound(claim, [withEvent(newIteration(claim.jobId, index, [candidate], best))]);
  }
  now += 60_000;
  await store.finish(claim, { stopReason: 'plateau', outcome, detail: '', error: null });
  ids[name] = claim.jobId;
}

const served = (model: string | null, weightVersion: string | null = null): Partial<ModelCall> => ({
  served: { model, id: null, fingerprint: null, weightVersion },
});

beforeAll(async () => {
  postgres = await startTestPostgres();
  store = createStore({ databaseUrl: await postgres.newDatabase(), blobs: postgres.blobs, clock: { now: () => now } });
  await addJob('svg', { scores: [0.8, 0.9], calls: [served('m', 'step 1'), served('m', 'step 1')] });
  await addJob('html', {
    scores: [null, 0.3, 0.4],
    parts: { language: 'html', model: 'openai/gpt' },
    calls: [served('m', 'step 1'), served('m', 'step 2')],
    outcome: 'threshold_met',
  });
  await addJob('worse', { scores: [0.7, 0.5], calls: [served('m'), { ...served('m'), capture: textOnly }] });
  await addJob('blank', { scores: [null], parts: { policyVersion: 'step 1' }, outcome: 'nothing_rendered' });
  await addJob('provided', { scores: [0.6], calls: [null] });
  await store.createJob({ ...(await claimedJobInput()), name: 'queued' });
  await claimedJob(store, { name: 'running' });
});
afterAll(async () => {
  await store?.close();
  await postgres?.stop();
});

async function claimedJobInput(): Promise<NewJob> {
  const { target, language, model, policyVersion, instructions, initialCode, policy, budget } = (await store.getJob(
    ids['svg']!,
  ))!;
  return { name: '', target, language, model, policyVersion, instructions, initialCode, policy, budget };
}

const namesOf = (found: readonly string[]) => found.map((id) => Object.keys(ids).find((name) => ids[name] === id));
const select = async (filter: ExportFilter, endedBy = new Date(now).toISOString()) =>
  namesOf(await store.exports.listTraceJobs({ filter, endedBy }, '', 100));

describe('the jobs that an export reads', () => {
  it('are all that have ended, the oldest first', async () => {
    expect(await select({})).toEqual(['svg', 'html', 'worse', 'blank', 'provided']);
  });

  it('are those that had ended by the time, whenever they were created', async () => {
    const { finishedAt } = (await store.getJob(ids['html']!))!;
    expect(await select({}, finishedAt!)).toEqual(['svg', 'html']);
    expect(await select({}, new Date(Date.parse(finishedAt!) - 1).toISOString())).toEqual(['svg']);
  });

  it('come in pages by id', async () => {
    const selection = { filter: {}, endedBy: new Date(now).toISOString() };
    const first = await store.exports.listTraceJobs(selection, '', 2);
    expect(namesOf(first)).toEqual(['svg', 'html']);
    expect(namesOf(await store.exports.listTraceJobs(selection, first[1]!, 2))).toEqual(['worse', 'blank']);
  });

  it.each<[string, ExportFilter, string[]]>([
    ['language', { languages: ['html', 'latex'] }, ['html']],
    ['model', { models: ['openai/gpt', 'nobody/nothing'] }, ['html']],
    ['outcome', { outcomes: ['threshold_met', 'nothing_rendered'] }, ['html', 'blank']],
    ['smallest best score, the bound included', { minScore: 0.7 }, ['svg', 'worse']],
    ['largest best score, the bound included', { maxScore: 0.6 }, ['html', 'provided']],
    // 0.9 - 0.8 is less than 0.1 in binary floating point.
    ['smallest gain, the bound included', { minGain: 0.1 }, ['svg', 'html']],
    ['gain over the first score, not over a failed iteration', { minGain: 0.11 }, []],
    ['gain of any best, which is never negative', { minGain: -1 }, ['svg', 'html', 'worse', 'provided']],
    ['tokens of every call', { captureLevel: 'token_exact' }, ['svg', 'html', 'blank']],
    ['a call without tokens', { captureLevel: 'text_only' }, ['worse']],
    ['version of the weights of every call', { policyVersions: ['step 1'] }, ['svg', 'blank']],
    ['one of several versions', { policyVersions: ['step 1', 'm', 'step 2'] }, ['svg', 'worse', 'blank']],
    ['several filters at once', { captureLevel: 'token_exact', minScore: 0.5 }, ['svg']],
    ['nothing that is there', { languages: ['latex'] }, []],
  ])('are selected by %s', async (_, filter, expected) => {
    expect(await select(filter)).toEqual(expected);
  });

  it('are selected by id', async () => {
    const running = (await store.listJobs({ limit: 100, kind: ['refinement'], status: ['running'] })).data[0]!.id;
    expect(await select({ jobs: [ids['worse']!, running] })).toEqual(['worse']);
  });

  it('are selected by when they were created, from one time on and before another', async () => {
    const { createdAt } = (await store.getJob(ids['worse']!))!;
    expect(await select({ createdAfter: createdAt })).toEqual(['worse', 'blank', 'provided']);
    expect(await select({ createdBefore: createdAt })).toEqual(['svg', 'html']);
  });

  it('do not hold one that is queued again', async () => {
    const claim = await claimedJob(store, { name: 'retried' });
    now += 60_000;
    await store.cancelJob(claim.jobId);
    await store.release(claim);
    ids['retried'] = claim.jobId;
    expect(await select({})).toContain('retried');
    await store.retryJob(claim.jobId);
    expect(await select({})).not.toContain('retried');
  });
});

it('counts the trajectories of a filter with their candidates, by language and outcome', async () => {
  const endedBy = new Date(now).toISOString();
  expect(await store.exports.countTraces({ filter: { jobs: Object.values(ids) }, endedBy })).toEqual({
    trajectories: 5,
    candidates: 9,
    languages: { svg: 4, html: 1 },
    outcomes: { best_effort: 3, threshold_met: 1, nothing_rendered: 1 },
  });
  expect(await store.exports.countTraces({ filter: { minScore: 1 }, endedBy })).toEqual({
    trajectories: 0,
    candidates: 0,
    languages: {},
    outcomes: {},
  });
});

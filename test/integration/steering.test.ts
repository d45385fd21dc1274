import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, ApiError } from '@pentimento/client';
import {
  parseEvent,
  promptSchema,
  type Budget,
  type Candidate,
  type CreateIntervention,
  type EventData,
  type Iteration,
  type Job,
} from '@pentimento/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type Api } from '../support/api.ts';
import { readEvents, type SentEvent } from '../support/events.ts';

/** Duration of a call of `scripted/slow`, in which a test steers the job and kills its worker. */
const callMs = 3_000;
const svg = (body: string) => `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48">\n${body}\n</svg>`;
const edits = [{ search: '</svg>', replace: '<rect x="{{lines}}" y="20" width="1" height="{{lines}}"/>\n</svg>' }];
const draft = svg('<rect width="9" height="9"/>');
const script = {
  log: 'calls.jsonl',
  steps: [
    { when: { task: 'draft', model: 'slow' }, delayMs: callMs, code: draft },
    { when: { task: 'draft' }, code: draft },
    { when: { model: 'slow' }, delayMs: callMs, edits },
    { when: { model: 'hangs' }, hang: true },
    { edits },
  ],
};
const box = { x: 4, y: 4, width: 20, height: 10 };
const byHand = svg('<rect width="30" height="48" fill="#c00"/>');

let api: Api;
let client: Client;
beforeAll(async () => {
  const variables = { PENTIMENTO_WORKER: 'off', PENTIMENTO_LEASE_MS: '1200', PENTIMENTO_SWEEP_MS: '150' };
  api = await startApi({ ...variables, PENTIMENTO_QUEUED_MS: '300' }, { script });
  client = new Client({ url: api.stack.url });
  await api.stack.startWorker();
});
afterAll(() => api?.stop());

const submit = (
  parts: { model?: string; maxIterations?: number; strategy?: string; budget?: Budget } = {},
): Promise<Job> => {
  const { model = 'scripted/quick', maxIterations = 3, strategy = 'greedy', budget = {} } = parts;
  const policy = { strategy, maxIterations, patience: 200, threshold: 1, rewriteBelow: 0 };
  const target = { name: 'target.png', content: new Uint8Array(api.image) };
  return client.createJob({ language: 'svg', model, policy, budget }, target);
};
const waitForEnd = async (job: Pick<Job, 'id'>): Promise<Job> => {
  for (;;) {
    await api.ended(job);
    const now = await client.getJob(job.id);
    if (now.finishedAt) return now;
  }
};
const finished = async (parts: Parameters<typeof submit>[0] = {}) => {
  const job = await waitForEnd(await submit(parts));
  return { job, candidates: await client.listCandidates(job.id) };
};
const steer = (job: Pick<Job, 'id'>, intervention: CreateIntervention) =>
  client.createIntervention(job.id, intervention);
const refused = async (request: Promise<unknown>) => {
  const error = await request.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ApiError);
  return (error as ApiError).problem;
};
const codeOf = async ({ code }: Candidate) => new TextDecoder().decode(await client.getBlob(code!));
const promptOf = async ({ candidates }: Iteration) => {
  const prompt = new TextDecoder().decode(await client.getBlob(candidates[0]!.call!.prompt));
  return promptSchema
    .parse(JSON.parse(prompt))
    .messages[0]!.content.map((part) => (part.type === 'text' ? part.text : ''))
    .join('\n');
};

describe('a job whose worker is killed while a call is under way', () => {
  it.each(['greedy', 'beam', 'tree', 'recombine'])(
    'ends the round as it began, and takes what came meanwhile from the next one on (%s)',
    { timeout: 120_000 },
    async (strategy) => {
      const job = await submit({ model: 'scripted/slow', maxIterations: 4, strategy });
      const inCall = ({ event, data }: SentEvent) =>
        event === 'candidate.stage' &&
        (parseEvent(data).data as EventData<'candidate.stage'>).stage === 'model' &&
        (parseEvent(data).data as EventData<'candidate.stage'>).iteration === 2;
      const events = await readEvents(api.at(`/v1/jobs/${job.id}`), { enough: inCall });
      const [draft] = await client.listCandidates(job.id);
      const wanted: CreateIntervention[] = [
        { kind: 'edit', candidate: draft!.id, code: byHand },
        { kind: 'fix', box, words: 'The bar is too thin.' },
        { kind: 'lock', box },
        { kind: 'branch', candidate: draft!.id },
      ];
      await Promise.all(wanted.map((intervention) => steer(job, intervention)));
      const started = events.findLast(({ event }) => event === 'job.started')!;
      const worker = (parseEvent(started.data).data as EventData<'job.started'>).worker;
      const next = api.stack.startWorker();
      process.kill(Number(worker.split(':').at(-1)), 'SIGKILL');
      await next;
      await waitForEnd(job);

      const iterations = await client.listIterations(job.id);
      const interventions = await client.listInterventions(job.id);
      const at = interventions.map(({ fromIteration }) => fromIteration);
      const [edited] = iterations.filter(({ kind }) => kind === 'edit') as [Iteration];
      expect(at).toEqual(at.map(() => edited.index));
      expect(edited.index).toBeGreaterThan(2);
      expect(edited).toMatchObject({
        parents: [draft!.id],
        candidates: [{ call: null, parseStatus: 'provided', render: { status: 'ok' } }],
      });
      expect(await codeOf(edited.candidates[0]!)).toBe(byHand);
      for (const iteration of iterations.slice(1, edited.index)) {
        expect(await promptOf(iteration)).not.toContain('The bar is too thin.');
      }
      const after = iterations[edited.index + 1];
      if (after) {
        expect(await promptOf(after)).toContain('The bar is too thin.');
        expect(await promptOf(after)).toContain('The user has locked these regions');
        expect(after.patches[0]).toMatchObject({ box, words: 'The bar is too thin.' });
        expect(after.parents[0]).toBe(draft!.id);
      }
      // Each call of a finished iteration is recorded once, under the prompt that its log names.
      const log = (await readFile(join(api.stack.home, script.log), 'utf8')).trim().split('\n');
      expect(log.length).toBeGreaterThan(iterations.length);
      const recorded = (await client.listCandidates(job.id)).filter(({ call }) => call !== null);
      expect(new Set(recorded.map(({ iteration, index }) => `${iteration}/${index}`)).size).toBe(recorded.length);
    },
  );
});

describe('an ended job', () => {
  it('runs an edit and ends as it had ended', async () => {
    const { job, candidates } = await finished({ maxIterations: 2 });
    const { id } = await steer(job, { kind: 'edit', candidate: candidates[0]!.id, code: byHand });
    const again = await waitForEnd(job);
    const { status, outcome, stopReason, stopDetail } = job;
    expect(again).toMatchObject({ status, outcome, stopReason, stopDetail });
    expect((await client.listIterations(job.id)).map(({ kind }) => kind)).toEqual(['draft', 'refine', 'edit']);
    expect(await refused(client.withdrawIntervention(id))).toMatchObject({ status: 409, code: 'conflict' });
  });

  it('that was canceled runs an edit and stays canceled', async () => {
    const job = await submit({ model: 'scripted/hangs' });
    await readEvents(api.at(`/v1/jobs/${job.id}`), { enough: ({ event }) => event === 'iteration.finished' });
    await client.cancelJob(job.id);
    await waitForEnd(job);
    const [draft] = await client.listCandidates(job.id);
    await steer(job, { kind: 'edit', candidate: draft!.id, code: byHand });
    expect(await waitForEnd(job)).toMatchObject({
      status: 'canceled',
      stopReason: 'user',
      scores: [{}, {}].map(() => expect.any(Number)),
    });
  });

  it('goes on with a branch, more iterations and another model', async () => {
    const { job, candidates } = await finished({ maxIterations: 2 });
    await steer(job, { kind: 'branch', candidate: candidates[0]!.id });
    expect((await client.getJob(job.id)).status).toBe('succeeded');
    expect(await refused(steer(job, { kind: 'continue' }))).toMatchObject({
      status: 409,
      detail: 'The job would end at once: All 2 iterations were used. Give a higher policy.maxIterations.',
    });
    await steer(job, { kind: 'continue', policy: { maxIterations: 4 }, model: 'scripted/other' });
    const again = await waitForEnd(job);
    expect(again).toMatchObject({ model: 'scripted/other', policy: { maxIterations: 4, patience: 200 } });
    const iterations = await client.listIterations(job.id);
    expect(iterations).toHaveLength(4);
    expect(iterations[2]!.parents).toEqual([candidates[0]!.id]);
    expect(iterations[2]!.candidates[0]!.call!.model).toBe('scripted/other');
  });

  it('goes on without the limit at which it ended', async () => {
    const { job } = await finished({ budget: { maxTokens: 1, maxSeconds: 600 } });
    expect(job.stopReason).toBe('budget');
    await steer(job, { kind: 'continue', budget: { maxTokens: null } });
    expect(await waitForEnd(job)).toMatchObject({ stopReason: 'max_iterations', budget: { maxSeconds: 600 } });
  });

  it('is forked from a candidate, or as it began, with other settings', async () => {
    const { job, candidates } = await finished({ maxIterations: 2 });
    const fork = await client.forkJob(job.id, { candidate: candidates[1]!.id, policy: { maxIterations: 1 } });
    expect(fork).toMatchObject({
      forkedFrom: { job: job.id, candidate: candidates[1]!.id },
      initialCode: candidates[1]!.code,
      target: job.target,
      policy: { ...job.policy, maxIterations: 1 },
    });
    await waitForEnd(fork);
    expect((await client.listIterations(fork.id)).map(({ kind }) => kind)).toEqual(['provided']);
    const duplicate = await client.forkJob(job.id, { name: 'again', instructions: 'Thin lines.' });
    expect(duplicate).toMatchObject({
      ...{ name: 'again', instructions: 'Thin lines.', initialCode: null, policy: job.policy },
      forkedFrom: { job: job.id, candidate: null },
    });
    await waitForEnd(duplicate);
  });
});

describe('a refusal says what to do', () => {
  it('for boxes, candidates, codes and states', async () => {
    const { job, candidates } = await finished({ maxIterations: 1 });
    const other = (await finished({ maxIterations: 1 })).candidates[0]!.id;
    const [first] = candidates as [Candidate];
    expect(await refused(steer(job, { kind: 'lock', box: { ...box, x: 60 } }))).toMatchObject({
      status: 400,
      errors: [
        {
          pointer: '/box',
          detail: 'The box is not within the target, which has 64 x 48 pixels: make it smaller, or move it.',
        },
      ],
    });
    expect(await refused(steer(job, { kind: 'fix', box, words: ' ' }))).toMatchObject({
      errors: [{ pointer: '/words', detail: 'Say what is wrong in the box.' }],
    });
    for (const candidate of [other, `cand_${randomUUID()}`]) {
      for (const request of [
        () => steer(job, { kind: 'branch', candidate }),
        () => steer(job, { kind: 'edit', candidate, code: byHand }),
        () => client.forkJob(job.id, { candidate }),
      ]) {
        expect(await refused(request())).toMatchObject({ status: 400, errors: [{ pointer: '/candidate' }] });
      }
    }
    expect(await refused(steer(job, { kind: 'edit', candidate: first.id, code: ' ' }))).toMatchObject({
      errors: [{ pointer: '/code', detail: 'The code is empty; write all of it.' }],
    });
    expect(await refused(steer(job, { kind: 'continue', model: 'nobody/knows' }))).toMatchObject({
      code: 'model-unknown',
    });
    expect(await refused(steer({ id: `job_${randomUUID()}` }, { kind: 'lock', box }))).toMatchObject({ status: 404 });
    expect(await refused(client.listInterventions(`job_${randomUUID()}`))).toMatchObject({ status: 404 });
    expect(await refused(client.withdrawIntervention(`intv_${randomUUID()}`))).toMatchObject({ status: 404 });
  });

  it('for a job that runs, and for an episode', async () => {
    const job = await submit({ model: 'scripted/hangs' });
    expect(await refused(steer(job, { kind: 'continue' }))).toMatchObject({
      status: 409,
      detail: expect.stringContaining('wait for its end, or cancel it first'),
    });
    await client.cancelJob(job.id);
    const session = randomUUID();
    const data = api.image.toString('base64');
    await client.resetEnvironment(session, { language: 'svg', model: 'policy/x', target: { data } });
    const { job: episode } = await client.getEnvironment(session);
    expect(await refused(steer({ id: episode! }, { kind: 'lock', box }))).toMatchObject({
      status: 409,
      detail: expect.stringContaining(`reset the session "${session}"`),
    });
    expect(await refused(client.forkJob(episode!))).toMatchObject({ status: 409 });
    await client.endEnvironment(session);
  });
});

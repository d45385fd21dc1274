import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { candidatePageSchema, iterationPageSchema, type ResetEnvironmentInput } from '@pentimento/api-contracts';
import {
  fence,
  jobPageSchema,
  parseEvent,
  promptSchema,
  rewardTermsSchema,
  writeEdit,
  type Candidate,
  type Iteration,
  type Job,
} from '@pentimento/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problem, startApi, type Api } from '../support/api.ts';
import { sessionAt, turnOf, type Session } from '../support/environments.ts';

const rectangle = (width: number) => `<rect x="10" y="5" width="${width}" height="30" fill="#c00"/>`;
const svg = (body: string) => `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48">\n${body}\n</svg>`;
const draft = (width: number) => fence(svg(rectangle(width)), 'svg');
const edit = (from: number, to: number) => fence(writeEdit({ search: rectangle(from), replace: rectangle(to) }), 'svg');

/** A model that answers with a draft, then something else, an edit that does not apply, and one that fixes it. */
const script = {
  steps: [
    { when: { task: 'draft' }, text: draft(10) },
    { when: { task: 'refine', lacks: 'Iteration 1:' }, text: 'I see nothing to change.' },
    { when: { task: 'refine', lacks: 'Iteration 2:' }, text: edit(99, 30) },
    { when: { task: 'refine' }, text: edit(10, 30) },
  ],
};
const replies = [draft(10), 'I see nothing to change.', edit(99, 30), edit(10, 30)];
const policy = { threshold: 0.999, rewriteBelow: 0, patience: 5 };

let api: Api;
let target: string;
let count = 0;
beforeAll(async () => {
  api = await startApi({ PENTIMENTO_ENVIRONMENT_SESSIONS: '40' }, { script });
  target = await api.putImage(api.image);
});
afterAll(() => api?.stop());

const newSession = (): Session => sessionAt(api.stack, `session-${++count}`);
const taskOf = (more: Partial<ResetEnvironmentInput> = {}): ResetEnvironmentInput => ({
  ...{ target: { blob: target }, language: 'svg', policy },
  ...more,
});

/** A session with an open first turn. */
async function opened(more: Partial<ResetEnvironmentInput> = {}) {
  const session = newSession();
  return { session, first: await turnOf(session.reset(taskOf(more))) };
}

const candidatesOf = async (job: string): Promise<Candidate[]> =>
  candidatePageSchema.parse(await api.getJson(`/v1/jobs/${job}/candidates`)).data;
const iterationsOf = async (job: string): Promise<Iteration[]> =>
  iterationPageSchema.parse(await api.getJson(`/v1/jobs/${job}/iterations`)).data;

/** What a trajectory is, without its ids, its times, and what a caller knows of a call instead of a model client. */
const comparable = (iterations: readonly Iteration[]) =>
  iterations.map(({ index, round, kind, patches, verdicts, improvedRegions, regressedRegions, candidates }) => ({
    ...{ index, round, kind, patches, verdicts, improvedRegions, regressedRegions },
    candidates: candidates.map(({ call, parseStatus, parseDetail, code, render, reward }) => ({
      ...{ prompt: call?.prompt, reply: call?.reply, parseStatus, parseDetail, code },
      render: render && { ...render, ms: 0 },
      reward: { ...reward, ms: 0 },
    })),
  }));

describe('an episode', () => {
  it('has the prompts, candidates, rewards, verdicts and end of a job whose model replies so', async () => {
    const fields = { model: 'scripted/some', 'policy.threshold': '0.999', 'policy.rewriteBelow': '0' };
    const job = await api.submit({ ...fields, 'policy.patience': '5' });
    await api.ended(job);
    const { session, first } = await opened();
    const answers = [first];
    for (const [turn, reply] of replies.entries()) answers.push(await turnOf(session.step(turn, reply)));

    const [modeled, stepped] = [await iterationsOf(job.id), await iterationsOf(first.job)];
    expect(modeled).toHaveLength(4);
    expect(comparable(stepped)).toEqual(comparable(modeled));
    const [ended, episode] = [await api.getJob(job), await api.getJob({ id: first.job })];
    const result = ({ status, outcome, stopReason, stopDetail, error, scores }: Job) => ({
      status,
      outcome,
      stopReason,
      stopDetail,
      error,
      scores,
    });
    expect(result(episode)).toEqual(result(ended));
    expect(episode).toMatchObject({ kind: 'environment', status: 'succeeded', model: 'external/policy' });

    const candidates = stepped.map(({ candidates: [candidate] }) => candidate!);
    expect(
      answers
        .slice(1)
        .map(({ reward, terms, render, verdict, candidate }) => [reward, terms, render, verdict, candidate]),
    ).toEqual(
      candidates.map(({ reward: { terms }, render, id }, index) => [
        ...[terms.overall, terms, render?.status === 'ok' ? render.image : null],
        ...[stepped[index]!.verdicts[0], id],
      ]),
    );
    expect(answers.map(({ turn, done }) => [turn, done])).toEqual([
      [0, false],
      [1, false],
      [2, false],
      [3, false],
      [4, true],
    ]);
    expect(answers.at(-1)).toMatchObject({
      ...{ messages: [], images: [], patches: [], best: 1 },
      stop: { reason: 'threshold', detail: ended.stopDetail },
    });
    expect(answers.map(({ patches }) => patches).slice(1, 4)).toEqual(stepped.slice(1).map(({ patches }) => patches));
  });

  it('gives the prompt as chat messages with images, exactly as it is recorded', async () => {
    const { session, first } = await opened({ instructions: 'Two colors.' });
    const second = await turnOf(session.step(0, draft(10)));
    await turnOf(session.step(1, edit(10, 20)));
    const calls = (await candidatesOf(first.job)).map(({ call }) => call!);
    for (const [index, { messages, images }] of [first, second].entries()) {
      const prompt = promptSchema.parse(await api.getJson(`/v1/blobs/${calls[index]!.prompt}`));
      expect(messages[0]).toEqual({ role: 'system', content: prompt.instructions });
      const shown: string[] = [];
      const content = (messages[1]!.content as Exclude<(typeof messages)[1]['content'], string>).map((part) => {
        if (part.type === 'text') return part;
        const [head, data] = part.image_url.url.split(',');
        expect(head).toBe('data:image/png;base64');
        shown.push(createHash('sha256').update(Buffer.from(data!, 'base64')).digest('hex'));
        return { type: 'image', image: shown.at(-1) };
      });
      expect(content).toMatchObject(
        prompt.messages[0]!.content.map((part) => (part.type === 'text' ? part : { type: 'image', image: part.image })),
      );
      expect(images.map(({ image }) => image)).toEqual(shown);
    }
    expect(JSON.stringify(first.messages)).toContain('Two colors.');
    expect(second.images.length).toBeGreaterThan(2);
  });

  it('names the blobs of images where it is asked to', async () => {
    const { first } = await opened({ images: 'blobs' });
    const text = JSON.stringify(first.messages);
    expect(text).not.toContain('base64');
    const [image] = first.images;
    expect(text).toContain(`"url":"/v1/blobs/${image!.image}"`);
    expect((await fetch(api.at(`/v1/blobs/${image!.image}`))).status).toBe(200);
  });

  it('takes the target as data, and begins with the initial code where the task has some', async () => {
    const data = api.image.toString('base64');
    const { session, first } = await opened({ target: { data }, code: svg(rectangle(10)) });
    expect(first).toMatchObject({ turn: 0, reward: null, terms: null, render: null, done: false });
    expect(first.best).toBeGreaterThan(0.5);
    expect(first.patches.length).toBeGreaterThan(0);
    expect(await turnOf(session.step(0, edit(10, 30)))).toMatchObject({ turn: 1, reward: 1, done: true });
    expect((await iterationsOf(first.job)).map(({ kind }) => kind)).toEqual(['provided', 'refine']);

    const { first: over } = await opened({ code: svg(rectangle(30)) });
    expect(over).toMatchObject({
      turn: 0,
      reward: null,
      best: 1,
      done: true,
      messages: [],
      stop: { reason: 'threshold' },
    });
  });

  it('records what the caller knows of its call, its policy and its group', async () => {
    const names = { model: 'policy/step-120', policyVersion: '120', group: 'task-7' };
    const { session, first } = await opened(names);
    const tokens = {
      ...{ promptTokenIds: [1, 2, 3], completionTokenIds: [4, 5], logprobs: [-0.5, -1] },
      ...{ logprobsMode: 'processed_logprobs' as const, imagePlaceholders: null },
    };
    const sampling = { temperature: 1, seed: 7 };
    await turnOf(session.step(0, draft(10), { tokens, sampling, reasoning: 'Hm.', served: { weightVersion: '120' } }));
    const job = await api.getJob({ id: first.job });
    expect(job).toMatchObject({
      model: 'policy/step-120',
      episode: { session: session.id, number: 1, group: 'task-7' },
      spent: { inputTokens: 3, outputTokens: 2 },
    });
    const { call } = (await candidatesOf(first.job))[0]!;
    expect(call).toMatchObject({
      model: 'policy/step-120',
      sampling: { ...sampling, maxOutputTokens: null },
      served: { model: null, weightVersion: '120' },
    });
    if (call!.capture.level !== 'token_exact') throw new Error('The tokens are not recorded.');
    expect(await api.getJson(`/v1/blobs/${call!.capture.tokens}`)).toEqual(tokens);

    await turnOf(session.step(1, edit(10, 20)));
    expect((await candidatesOf(first.job))[1]!.call!.capture.level).toBe('text_only');
  });

  it('is stepped through by the program in the documentation', async () => {
    const root = resolve(import.meta.dirname, '../..');
    const [, code] = /^`{3,}js\n([^]*?)\n`{3,}$/m.exec(await readFile(join(root, 'docs/environments.md'), 'utf8'))!;
    const program = join(api.stack.home, 'environment.mjs');
    await writeFile(program, code!);
    const env = { PATH: process.env.PATH, PENTIMENTO_URL: api.stack.url };
    const { stdout } = await promisify(execFile)(process.execPath, [program], { cwd: root, env });
    expect(stdout).toMatch(
      /^turn 1: reward 0\.\d+, accepted\nturn 2: reward 0\.\d+, duplicate\nturn 3: .*\nmax_iterations: All 3 iterations were used\. The episode is the job job_.*\.\n$/,
    );
  });

  it('tells in events who has it, and is shown as such', async () => {
    const { session, first } = await opened();
    await turnOf(session.step(0, draft(10)));
    expect(await session.state()).toMatchObject({ status: 'waiting', turn: 1, number: 1 });
    await session.end();
    const events = (await api.ended({ id: first.job })).slice(0, -1).map(({ data }) => parseEvent(data));
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(events.map(({ type }) => type)).toEqual([
      ...['job.started', 'iteration.started', 'candidate.stage', 'job.waiting'],
      ...['job.started', 'candidate.stage', 'candidate.stage', 'candidate.finished', 'iteration.finished'],
      ...['iteration.started', 'candidate.stage', 'job.waiting', 'job.finished'],
    ]);
  });
});

describe('a step', () => {
  it('answers again from what is stored, at any later time', async () => {
    const { session } = await opened();
    const first = await turnOf(session.step(0, draft(10)));
    expect(await turnOf(session.step(0, draft(10)))).toEqual(first);
    const second = await turnOf(session.step(1, edit(10, 20)));
    expect(await turnOf(session.step(0, draft(10)))).toEqual(first);
    expect(await session.state()).toMatchObject(second);
    await session.end();
    expect(await turnOf(session.step(0, draft(10)))).toEqual(first);
    expect(await turnOf(session.step(1, edit(10, 20)))).toMatchObject({
      ...{ turn: 2, reward: second.reward, done: true, messages: [] },
      stop: { reason: 'user', detail: 'Canceled by the user.' },
    });
    const { scores } = await api.getJob({ id: second.job });
    expect(scores).toHaveLength(2);
  });

  it.each([
    ['the same turn with another reply', 0, draft(11), 1],
    ['a turn that is not open yet', 2, draft(11), 1],
  ])('is refused for %s, with the turn that is expected', async (_, turn, reply, expectedTurn) => {
    const { session } = await opened();
    await turnOf(session.step(0, draft(10)));
    const refused = await problem(await session.step(turn, reply));
    expect(refused).toMatchObject({ status: 409, code: 'conflict', expectedTurn, pointers: ['/turn'] });
    expect(refused.detail).toContain(`The next step is turn ${expectedTurn}.`);
  });

  it('is refused once the episode has ended, and for a session that is not known', async () => {
    const { session } = await opened();
    await session.end();
    expect(await problem(await session.step(0, draft(10)))).toMatchObject({ status: 409, code: 'conflict' });
    const other = newSession();
    expect((await other.step(0, draft(10))).status).toBe(404);
    expect((await other.end()).status).toBe(404);
    expect((await fetch(api.at(`/v1/environments/${other.id}`))).status).toBe(404);
  });

  it.each([
    ['is empty', '', 'no_code', 0],
    ['has NUL characters', `\0\n${fence('\0<svg', 'svg')}`, 'code', 1],
    ['has lone surrogates', `\ud800\n${fence(svg('<text>\udfff</text>'), 'svg')}`, 'code', 1],
    ['is huge', `${'x'.repeat(12_000_000)}\n${fence(`<!--${'y'.repeat(1_200_000)}-->`, 'svg')}`, 'no_code', 1],
    ['edits code that is not there', edit(1, 2), 'edit_failed', 1],
  ])('takes a reply that %s as a value', async (_, reply, parseStatus, alignment) => {
    const { session } = await opened();
    const answer = await turnOf(session.step(0, reply));
    expect(answer).toMatchObject({ turn: 1, parseStatus, done: false });
    expect(rewardTermsSchema.parse(answer.terms).alignment).toBe(alignment);
    expect(answer.messages).toHaveLength(2);
    expect(await turnOf(session.step(0, reply))).toEqual(answer);
    expect(await turnOf(session.step(1, draft(30)))).toMatchObject({ turn: 2, reward: 1 });
  });

  it('takes code that embeds the target as a value, which the score does not tell from drawing it', async () => {
    const { session } = await opened();
    const bitmap = `<image width="64" height="48" href="data:image/png;base64,${api.image.toString('base64')}"/>`;
    const answer = await turnOf(session.step(0, fence(svg(bitmap), 'svg')));
    expect(answer).toMatchObject({ turn: 1, parseStatus: 'code', failure: null, done: true });
  });

  it('refuses a reply that no request can hold, and stays at its turn', async () => {
    const { session } = await opened();
    const response = await session.step(0, 'x'.repeat(33 * 2 ** 20));
    expect(await problem(response)).toMatchObject({ status: 413, code: 'request-too-large' });
    expect(await session.state()).toMatchObject({ turn: 0, status: 'waiting' });
  });
});

describe('a reset', () => {
  it('ends the unfinished episode and begins another one', async () => {
    const { session, first } = await opened();
    await turnOf(session.step(0, draft(10)));
    const again = await turnOf(session.reset(taskOf()));
    expect(again.job).not.toBe(first.job);
    expect(again).toMatchObject({ turn: 0, best: null, messages: first.messages });
    expect(await api.getJob({ id: first.job })).toMatchObject({
      status: 'canceled',
      stopDetail: 'A reset has begun a new episode.',
    });
    expect(await session.state()).toMatchObject({ job: again.job, number: 2 });
  });

  it.each<[string, object, number, string]>([
    ['several candidates', { policy: { candidates: 4 } }, 400, 'invalid-request'],
    ['an unknown strategy', { policy: { strategy: 'walk' } }, 422, 'strategy-unknown'],
    ['an unknown language', { language: 'klingon' }, 422, 'language-unknown'],
    ['a threshold over no term', { policy: { profile: 'beauty' } }, 400, 'invalid-request'],
    ['no target', { target: {} }, 400, 'invalid-request'],
    ['a blob that is not there', { target: { blob: 'f'.repeat(64) } }, 400, 'invalid-request'],
    ['data that is no image', { target: { data: 'AAAA' } }, 415, 'unsupported-image'],
    ['empty code', { code: ' ' }, 400, 'invalid-request'],
    ['the name of the built-in model', { model: 'builtin/vectorizer' }, 400, 'invalid-request'],
  ])('is refused with %s, and changes nothing', async (_, change, status, code) => {
    const { session, first } = await opened();
    const refused = await problem(await session.reset({ ...taskOf(), ...change } as ResetEnvironmentInput));
    expect(refused).toMatchObject({ status, code });
    expect(await session.state()).toMatchObject({ job: first.job, status: 'waiting' });
    await session.end();
  });

  it('is refused for a name that no session can have', async () => {
    for (const id of ['a%20b', 'a%2Fb', 'x'.repeat(101)])
      expect((await sessionAt(api.stack, id).reset(taskOf())).status).toBe(400);
  });
});

describe('the job of an episode', () => {
  it('is listed by its kind, cannot be retried, and can be canceled and deleted', async () => {
    const { session, first } = await opened();
    const list = async (query: string) =>
      jobPageSchema.parse(await api.getJson(`/v1/jobs?limit=100${query}`)).data.map(({ id }) => id);
    expect(await list('')).not.toContain(first.job);
    expect(await list('&kind=environment&status=waiting')).toContain(first.job);

    expect((await api.sendJson(`/v1/jobs/${first.job}/cancel`, {})).status).toBe(202);
    expect(await session.state()).toMatchObject({ status: 'canceled', done: true, stop: { reason: 'user' } });
    const retried = await problem(await api.sendJson(`/v1/jobs/${first.job}/retry`, {}));
    expect(retried).toMatchObject({ status: 409, detail: expect.stringContaining('reset the session') });

    expect((await fetch(api.at(`/v1/jobs/${first.job}`), { method: 'DELETE' })).status).toBe(204);
    expect((await session.step(0, draft(10))).status).toBe(404);
    expect(await turnOf(session.reset(taskOf()))).toMatchObject({ turn: 0 });
    await session.end();
  });
});

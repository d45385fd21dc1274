import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { candidatePageSchema, iterationPageSchema, type ResetEnvironmentInput } from '@pentimento/api-contracts';
import { fence, parseEvent, writeEdit, type EventData, type Iteration } from '@pentimento/contracts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { problem, startApi, type Api } from '../support/api.ts';
import { sessionAt, turnOf, type Session } from '../support/environments.ts';
import { readEvents } from '../support/events.ts';

/** Each test starts servers of its own, and the machine may be busy. */
vi.setConfig({ testTimeout: 180_000 });

const rectangle = (width: number) => `#cc0000 10 5 ${width} 30`;
const held = (gate: string, width: number) => fence(`hold ${gate}\n${rectangle(width)}`, 'gated');
const free = (width: number) => fence(rectangle(width), 'gated');
const edit = (from: number, to: number) =>
  fence(writeEdit({ search: rectangle(from), replace: rectangle(to) }), 'gated');

let api: Api;
let gates: string;
let task: ResetEnvironmentInput;
beforeAll(async () => {
  gates = await mkdtemp(join(tmpdir(), 'pentimento-gates-'));
});
afterAll(() => rm(gates, { recursive: true }));

/** A server for the tests of a group. */
function withServer(variables: Record<string, string> = {}): void {
  beforeAll(() => start(variables));
  afterAll(() => api?.stop());
}

async function start(variables: Record<string, string>): Promise<void> {
  api = await startApi(
    { GATE_FOLDER: gates, PENTIMENTO_LEASE_MS: '1500', PENTIMENTO_SWEEP_MS: '100', ...variables },
    { program: resolve(import.meta.dirname, '../support/gated-language/serve.ts') },
  );
  const policy = { threshold: 0.999, rewriteBelow: 0, patience: 10 };
  task = { target: { blob: await api.putImage(api.image) }, language: 'gated', policy };
}

const openGate = (name: string) => writeFile(join(gates, name), '');
const closeGate = (name: string) => rm(join(gates, name));
const session = (id: string): Session => sessionAt(api.stack, id);

async function opened(id: string) {
  const named = session(id);
  return { named, first: await turnOf(named.reset(task)) };
}

/** Resolves when the render of this iteration has been asked for, which then waits for its gate. */
async function rendering(job: string, iteration: number): Promise<void> {
  await readEvents(api.at(`/v1/jobs/${job}`), {
    enough: ({ event, data }) => {
      if (event !== 'candidate.stage') return false;
      const stage = parseEvent(data).data as EventData<'candidate.stage'>;
      return stage.stage === 'render' && stage.iteration === iteration;
    },
  });
}

const iterationsOf = async (job: string): Promise<Iteration[]> =>
  iterationPageSchema.parse(await api.getJson(`/v1/jobs/${job}/iterations`)).data;

/** What a repeated step must not change. */
const comparable = (iterations: readonly Iteration[]) =>
  iterations.map(({ index, kind, verdicts, patches, candidates }) => ({
    ...{ index, kind, verdicts, patches },
    candidates: candidates.map(({ call, code, parseStatus, reward }) => ({
      ...{ prompt: call?.prompt, reply: call?.reply, code, parseStatus },
      terms: reward.terms,
    })),
  }));

describe('a server that is killed in the middle of a step', () => {
  withServer();

  it('loses nothing, and the same step is answered by the next one as if nothing had been', async () => {
    const replies = [free(10), held('late', 15), edit(15, 20), 'Nothing.', edit(20, 30)];
    const { named: killed, first } = await opened('killed');
    const answers = [first];
    for (const [turn, reply] of replies.entries()) {
      const lost = killed.step(turn, reply).catch((error: unknown) => error);
      // Turn 1 is held in its render; the others are killed wherever they are by then.
      if (turn === 1) await rendering(first.job, 1);
      else
        await readEvents(api.at(`/v1/jobs/${first.job}`), { enough: ({ event, data }) => happened(event, data, turn) });
      await api.stack.server.stop('SIGKILL');
      await lost;
      await api.stack.restart();
      await openGate('late');
      answers.push(await turnOf(sessionAt(api.stack, 'killed').step(turn, reply)));
    }
    expect(answers.at(-1)).toMatchObject({ done: true, reward: 1 });

    const { named: whole, first: undisturbed } = await opened('whole');
    for (const [turn, reply] of replies.entries()) await turnOf(whole.step(turn, reply));
    expect(comparable(await iterationsOf(first.job))).toEqual(comparable(await iterationsOf(undisturbed.job)));
    const { data: candidates } = candidatePageSchema.parse(await api.getJson(`/v1/jobs/${first.job}/candidates`));
    expect(candidates.map(({ iteration }) => iteration)).toEqual([0, 1, 2, 3, 4]);
    expect(answers.slice(1).map(({ candidate }) => candidate)).toEqual(candidates.map(({ id }) => id));
  });

  /** A different moment of each turn. */
  function happened(event: string, data: unknown, turn: number): boolean {
    const moments = ['candidate.finished', '', 'iteration.finished', 'candidate.stage', 'candidate.finished'];
    return event === moments[turn] && (parseEvent(data).data as { iteration: number }).iteration === turn;
  }

  it('gives out the turn that it was about to, when it is asked for the state', async () => {
    const { named, first } = await opened('left');
    await turnOf(named.step(0, free(10)));
    const before = await turnOf(named.step(1, edit(10, 12)));
    await api.stack.server.stop('SIGKILL');
    await api.stack.restart();
    expect(await sessionAt(api.stack, 'left').state()).toMatchObject({ ...before, status: 'waiting', job: first.job });
  });
});

describe('a step while another one of its session is under way', () => {
  withServer();

  it('waits and has the same answer where it is the same, and is refused where it is another one', async () => {
    const { named, first } = await opened('twice');
    const reply = held('both', 10);
    const running = named.step(0, reply);
    await rendering(first.job, 0);
    const [same, other] = [named.step(0, reply), named.step(0, free(10))];
    expect(await problem(await other)).toMatchObject({ status: 409, expectedTurn: 0 });
    expect(await named.state()).toMatchObject({ turn: 0, status: 'running', messages: first.messages });
    await openGate('both');
    expect(await turnOf(same)).toEqual(await turnOf(running));
    expect(await iterationsOf(first.job)).toHaveLength(1);
  });

  it.each([
    ['reset', async (named: Session) => (await turnOf(named.reset(task))).job],
    ['ended', async (named: Session) => void (await named.end())],
  ])('finds its session %s, and stores nothing more', async (_, change) => {
    const { named, first } = await opened('changed');
    const running = named.step(0, held('never', 10));
    await rendering(first.job, 0);
    const next = await change(named);
    expect(await problem(await running)).toMatchObject({ status: 409, code: 'conflict' });
    expect(await api.getJob({ id: first.job })).toMatchObject({ status: 'canceled', scores: [] });
    expect(await named.state()).toMatchObject({ job: next ?? first.job, done: next === undefined });
  });

  it('ends with the episode where its job is canceled', async () => {
    const { named, first } = await opened('canceled');
    const running = named.step(0, held('never', 10));
    await rendering(first.job, 0);
    expect((await api.sendJson(`/v1/jobs/${first.job}/cancel`, {})).status).toBe(202);
    const answer = await turnOf(running);
    expect(answer).toMatchObject({ turn: 1, reward: null, candidate: null, done: true, stop: { reason: 'user' } });
    expect(await turnOf(named.step(0, held('never', 10)))).toEqual(answer);
  });
});

describe('a server that cannot go on', () => {
  withServer();

  it('gives a step back when it shuts down, and the next one takes it', async () => {
    const { named, first } = await opened('moved');
    const running = named.step(0, held('later', 10)).catch((error: Error) => error);
    await rendering(first.job, 0);
    expect(await api.stack.server.stop()).toBe(0);
    const refused = await running;
    if (refused instanceof Response) expect(refused.status).toBe(503);
    await openGate('later');
    await api.stack.restart();
    const events = (await api.getJson(`/v1/jobs/${first.job}/events?format=json`)) as { type: string }[];
    expect(events.at(-1)).toMatchObject({ type: 'job.waiting' });
    expect(await turnOf(session('moved').step(0, held('later', 10)))).toMatchObject({ turn: 1, parseStatus: 'code' });
  });

  it('answers 503 where the language cannot be rendered, and never a score', async () => {
    const { named, first } = await opened('outage');
    await openGate('outage');
    const refused = await problem(await named.step(0, free(10)));
    expect(refused).toMatchObject({ status: 503, code: 'unavailable', detail: 'The renderer is away.' });
    expect(await named.state()).toMatchObject({ turn: 0, status: 'waiting', reward: null });
    expect((await api.getJob({ id: first.job })).scores).toEqual([]);
    await closeGate('outage');
    const answer = await turnOf(named.step(0, free(10)));
    expect(answer).toMatchObject({ turn: 1, parseStatus: 'code' });
    expect(answer.reward).toBeGreaterThan(0.5);
  });
});

describe('the limits', () => {
  withServer({
    PENTIMENTO_ENVIRONMENT_STEPS: '1',
    PENTIMENTO_ENVIRONMENT_WAITING: '0',
    PENTIMENTO_ENVIRONMENT_SESSIONS: '2',
  });

  it('refuse steps beyond the queue with 429 and when to come back', async () => {
    const [{ named, first }, { named: other }] = [await opened('slow'), await opened('other')];
    const running = named.step(0, held('soon', 10));
    await rendering(first.job, 0);
    const refused = await other.step(0, free(10));
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(await problem(refused)).toMatchObject({ status: 429, code: 'busy' });
    await openGate('soon');
    await turnOf(running);
    expect(await turnOf(other.step(0, free(10)))).toMatchObject({ turn: 1 });
    for (const ended of [named, other]) await ended.end();
  });

  it('refuse a session too many with 429, and take it once another one has ended', async () => {
    const [{ named }] = [await opened('a'), await opened('b')];
    const refused = await session('c').reset(task);
    expect(refused.headers.get('retry-after')).toBe('10');
    expect((await problem(refused)).detail).toMatch(/^2 sessions are open: .*PENTIMENTO_ENVIRONMENT_SESSIONS/);
    expect(await turnOf(named.reset(task))).toMatchObject({ turn: 0 });
    expect((await named.end()).status).toBe(204);
    expect(await turnOf(session('c').reset(task))).toMatchObject({ turn: 0 });
  });
});

describe('the idle time', () => {
  withServer({ PENTIMENTO_ENVIRONMENT_IDLE_MS: '500' });

  it('ends an episode whose caller does not come back', async () => {
    const { named, first } = await opened('idle');
    await api.ended({ id: first.job });
    expect(await named.state()).toMatchObject({
      ...{ status: 'canceled', done: true, expiresAt: null },
      stop: { reason: 'user', detail: 'No step came within 0.5 seconds.' },
    });
    expect((await named.step(0, free(10))).status).toBe(409);
  });
});

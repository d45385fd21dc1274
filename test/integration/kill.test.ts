import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { candidatePageSchema, iterationPageSchema } from '@pentimento/api-contracts';
import { jobSchema, parseEvent, promptSchema, type EventData, type Job, type JobEvent } from '@pentimento/contracts';
import { promptDigest, type LoggedCall } from '@pentimento/models';
import { readEvents, type SentEvent } from '../support/events.ts';
import { redisIsInstalled, startRedis } from '../support/redis.ts';
import { startStack, type Stack } from '../support/stack.ts';

const iterations = 8;
/** Duration of a call, so that most kills happen during one. */
const callMs = 500;
/** Maximum time between a worker's claim and its kill; the first kills wait for the named step instead. */
const maxLifeMs = 520;
/** Where the first kills happen; those after them come at random. */
const steps = ['call', 'render', 'call', 'reward', 'candidate.finished', 'iteration.finished'];

const script = {
  log: 'calls.jsonl',
  delayMs: callMs,
  steps: [
    {
      when: { task: 'draft' },
      code: '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48">\n<rect width="9" height="9"/>\n</svg>',
    },
    { edits: [{ search: '</svg>', replace: '<rect x="{{lines}}" y="20" width="1" height="{{lines}}"/>\n</svg>' }] },
  ],
};

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe.each([
  { strategy: 'greedy', queue: 'PostgreSQL', redis: false, kills: 10 },
  { strategy: 'beam', queue: 'PostgreSQL', redis: false, kills: 12 },
  { strategy: 'greedy', queue: 'Redis', redis: true, kills: 8 },
])('$kills times kill -9 of the worker of a $strategy job with the queue on $queue', ({ strategy, redis, kills }) => {
  // Skipped without redis-server, which an ordinary user cannot install.
  it.skipIf(redis && !redisIsInstalled)('lose, repeat and double nothing', { timeout: 300_000 }, async () => {
    const { stack, log } = await startStackWith(redis ? await redisVariables() : {});
    const job = await submit(stack, strategy);
    await killWorkers(stack, job, log, kills);
    await readEvents(stack.url + job.links.self, { enough: ({ event }) => event === 'job.finished' });
    const { ended, events, done, candidates, digests } = await readAll(stack, job);

    expect(ended).toMatchObject({ status: 'succeeded', stopReason: 'max_iterations' });
    const numbers = Array.from({ length: iterations }, (_, index) => index);
    expect(done.map((iteration) => iteration.index)).toEqual(numbers);
    expect(candidates.map((candidate) => candidate.iteration)).toEqual(numbers);
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
    for (const type of ['candidate.finished', 'iteration.finished'] as const) {
      // The groups of a round run side by side.
      expect(
        of(events, type)
          .map((event) => event.data.iteration)
          .sort(),
      ).toEqual(numbers);
    }
    expect(of(events, 'job.started').length).toBeGreaterThan(kills);
    expect(of(events, 'job.finished')).toHaveLength(1);
    expect(await repeatedCalls(log, events, digests)).toEqual([]);
  });
});

async function redisVariables() {
  const redis = await startRedis();
  cleanups.push(() => redis.stop());
  return { REDIS_URL: redis.url };
}

async function startStackWith(variables: Record<string, string>): Promise<{ stack: Stack; log: string }> {
  const stack = await startStack({
    script,
    variables: {
      PENTIMENTO_WORKER: 'off',
      PENTIMENTO_LEASE_MS: '1200',
      PENTIMENTO_SWEEP_MS: '150',
      PENTIMENTO_QUEUED_MS: '300',
      PENTIMENTO_MAX_RECOVERIES: '50',
      ...variables,
    },
  });
  cleanups.push(() => stack.stop());
  return { stack, log: join(stack.home, script.log) };
}

async function submit({ url }: Stack, strategy: string): Promise<Job> {
  const target = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#336' } })
    .png()
    .toBuffer();
  const body = new FormData();
  const policy = { strategy, maxIterations: iterations, patience: 200, threshold: 1, rewriteBelow: 0 };
  body.set('request', JSON.stringify({ language: 'svg', model: 'scripted/killed', policy }));
  body.set('target', new Blob([new Uint8Array(target)]), 'target.png');
  return jobSchema.parse(await (await fetch(`${url}/v1/jobs`, { method: 'POST', body })).json());
}

/** Kills the worker that holds the job, so many times; other workers are ready to take over. */
async function killWorkers(stack: Stack, job: Job, log: string, kills: number): Promise<void> {
  const workers = [stack.startWorker(), stack.startWorker()];
  const killed = new Set<number>();
  let after = 0;
  for (let kill = 0; kill < kills; kill++) {
    const wanted = steps[kill];
    const calls = (await startedCalls(log)).length;
    let holder: number | undefined;
    const events = await readEvents(stack.url + job.links.self, {
      after,
      enough: (event) => {
        // On a busy machine a worker that is killed later may have lost the job before.
        if (event.event === 'job.started' && !killed.has(workerOf(event))) holder = workerOf(event);
        return holder !== undefined && (wanted === undefined || wanted === 'call' || stepOf(event) === wanted);
      },
    });
    if (holder === undefined) throw new Error(`The job ended after ${kill} kills.`);
    after = events.at(-1)!.id!;
    if (wanted === 'call') await vi.waitUntil(async () => (await startedCalls(log)).length > calls, 60_000);
    // The time of the kill is the injected failure, not a wait for something.
    if (wanted === undefined) await new Promise((wake) => setTimeout(wake, Math.random() * maxLifeMs));
    process.kill(holder, 'SIGKILL');
    killed.add(holder);
    workers.push(stack.startWorker());
  }
  await Promise.allSettled(workers);
}

function workerOf({ data }: SentEvent): number {
  return Number((parseEvent(data).data as EventData<'job.started'>).worker.split(':').at(-1));
}

function stepOf({ event, data }: SentEvent): string {
  return event === 'candidate.stage' ? (parseEvent(data).data as EventData<'candidate.stage'>).stage : event;
}

async function readAll({ url }: Stack, job: Job) {
  const get = async (path: string) => (await fetch(url + path)).json();
  const events = (await readEvents(url + job.links.self))
    .filter(({ event }) => event !== 'done')
    .map(({ data }) => parseEvent(data));
  const { data: candidates } = candidatePageSchema.parse(await get(`${job.links.self}/candidates`));
  const prompts = candidates.map((candidate) => get(`/v1/blobs/${candidate.call!.prompt}`));
  return {
    events,
    candidates,
    ended: jobSchema.parse(await get(job.links.self)),
    done: iterationPageSchema.parse(await get(job.links.iterations)).data,
    digests: (await Promise.all(prompts)).map((prompt) => promptDigest(promptSchema.parse(prompt))),
  };
}

function of<T extends JobEvent['type']>(events: readonly JobEvent[], type: T) {
  return events.filter((event) => event.type === type) as Extract<JobEvent, { type: T }>[];
}

/** The calls that the scripted model has logged as started; none while there is no log. */
async function startedCalls(log: string): Promise<LoggedCall[]> {
  const text = await readFile(log, 'utf8').catch(() => '');
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as LoggedCall).filter((line) => line.event === 'started');
}

/** Calls that started after the same call was recorded. A render starts only once its call is recorded. */
async function repeatedCalls(
  log: string,
  events: readonly JobEvent[],
  digests: readonly string[],
): Promise<LoggedCall[]> {
  const begun = await startedCalls(log);
  expect(begun.length).toBeGreaterThan(iterations);
  return digests.flatMap((digest, iteration) => {
    const rendered = of(events, 'candidate.stage').find(
      ({ data }) => data.iteration === iteration && data.stage === 'render',
    )!;
    return begun.filter((line) => line.digest === digest && line.at > Date.parse(rendered.at));
  });
}

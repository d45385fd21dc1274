/**
 * Many jobs of five iterations over four worker processes and both queues: node bench/jobs.ts [JOBS]
 *
 * Says whether a job, an iteration or a model call is lost or doubled, how long jobs take, and what an iteration costs the workers beside
 * model, render and reward. The model is scripted and answers at once. 1000 jobs take about half an hour a queue on two cores.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { Client } from '../libs/client/src/index.ts';
import { isFinal, type Job } from '../libs/contracts/src/index.ts';
import { redisIsInstalled, startRedis } from '../test/support/redis.ts';
import { startStack, type Stack } from '../test/support/stack.ts';

const count = Number(process.argv[2] ?? 1000);
const iterations = 5;
const workers = 4;
const pollMs = 500;

const script = {
  log: 'calls.jsonl',
  steps: [
    {
      when: { task: 'draft' },
      code: '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48">\n<rect width="9" height="9"/>\n</svg>',
    },
    { edits: [{ search: '</svg>', replace: '<rect x="{{lines}}" y="20" width="1" height="{{lines}}"/>\n</svg>' }] },
  ],
};

/** A target of its own for each job, so that no two jobs share a prompt. */
async function targetOf(index: number): Promise<Uint8Array<ArrayBuffer>> {
  const background = { r: index % 256, g: Math.floor(index / 256) % 256, b: 120 };
  return new Uint8Array(
    await sharp({ create: { width: 64, height: 48, channels: 3, background } })
      .png()
      .toBuffer(),
  );
}

async function submit(client: Client, index: number): Promise<Job> {
  const policy = { maxIterations: iterations, patience: 200, threshold: 1, rewriteBelow: 0 };
  const target = { name: `${index}.png`, content: await targetOf(index) };
  return client.createJob({ language: 'svg', model: 'scripted/instant', policy }, target);
}

async function ended(client: Client, { id }: Job): Promise<Job> {
  for (;;) {
    const job = await client.getJob(id);
    if (isFinal(job.status)) return job;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** What is wrong with a job; empty where it has each iteration, candidate and call once. */
async function defectsOf(client: Client, job: Job): Promise<string[]> {
  const candidates = await client.listCandidates(job.id);
  const at = candidates.map(({ iteration, index }) => `${iteration}/${index}`);
  const expected = Array.from({ length: iterations }, (_, iteration) => `${iteration}/0`);
  return [
    ...(job.status === 'succeeded' && job.scores.length === iterations
      ? []
      : [`ended as ${job.status}: ${job.stopDetail}`]),
    ...(at.join() === expected.join() ? [] : [`has the candidates ${at.join()}`]),
  ];
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Milliseconds of each iteration without its model, render and reward. */
async function ownTimes(client: Client, job: Job): Promise<number[]> {
  const all = await client.listIterations(job.id);
  return all.map(({ candidates, startedAt, finishedAt }) => {
    const spent = candidates.reduce(
      (sum, { call, render, reward }) => sum + (call?.ms ?? 0) + (render?.ms ?? 0) + reward.ms,
      0,
    );
    return Date.parse(finishedAt) - Date.parse(startedAt) - spent;
  });
}

/** Results in order, at most 16 at a time. */
async function mapFew<In, Out>(inputs: readonly In[], work: (input: In) => Promise<Out>): Promise<Out[]> {
  const results: Out[] = [];
  const next = inputs.entries();
  const take = async () => {
    for (const [index, input] of next) results[index] = await work(input);
  };
  await Promise.all(Array.from({ length: 16 }, take));
  return results;
}

async function measure(stack: Stack, queue: string): Promise<void> {
  const client = new Client({ url: stack.url });
  const began = performance.now();
  const indices = Array.from({ length: count }, (_, index) => index);
  const jobs = await mapFew(indices, (index) => submit(client, index));
  const done = await mapFew(jobs, (job) => ended(client, job));
  const seconds = (performance.now() - began) / 1000;
  const defects = (await mapFew(done, (job) => defectsOf(client, job))).flat();
  const times = (await mapFew(done.slice(0, 100), (job) => ownTimes(client, job))).flat();
  const log = (await readFile(join(stack.home, script.log), 'utf8')).trim().split('\n');
  const calls = log.filter((line) => line.includes('"started"')).length;
  console.log(
    `${queue}: ${count} jobs in ${seconds.toFixed(0)} s, ${((seconds / count / iterations) * 1000).toFixed(0)} ms an iteration over ${workers} workers`,
  );
  console.log(`  model calls: ${calls}, expected ${count * iterations}`);
  console.log(`  jobs that lost or doubled something: ${defects.length} ${defects.slice(0, 5).join('; ')}`);
  console.log(`  an iteration without model, render and reward: median ${median(times).toFixed(0)} ms`);
}

async function run(queue: string, variables: Record<string, string>): Promise<void> {
  const stack = await startStack({ script, variables: { PENTIMENTO_WORKER: 'off', ...variables } });
  try {
    await Promise.all(Array.from({ length: workers }, () => stack.startWorker()));
    await measure(stack, queue);
  } finally {
    await stack.stop();
  }
}

await run('PostgreSQL', {});
if (redisIsInstalled) {
  const redis = await startRedis();
  await run('Redis', { REDIS_URL: redis.url }).finally(() => redis.stop());
} else console.log('Redis: left out, because redis-server is not installed.');

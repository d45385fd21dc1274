/**
 * Many sessions of environments at once, over two servers with one database, while jobs of the queue run: node bench/environments.ts [SESSIONS]
 *
 * Says whether any session got what belongs to another one (a reward that differs from that of the same reply played alone, a prompt with
 * foreign code), how fast steps are, whether the servers' memory grows, and how much slower jobs become. 1000 sessions of three steps take
 * several minutes.
 */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '../libs/client/src/index.ts';
import { isFinal } from '../libs/contracts/src/index.ts';
import {
  crowdTarget,
  crowdTurns,
  outcomeOf,
  playSession,
  type PlayedSession,
} from '../test/support/environment-crowd.ts';
import { startTestPostgres } from '../test/support/postgres.ts';
import { startStack, type Stack } from '../test/support/stack.ts';

const sessions = Number(process.argv[2] ?? 1000);
const variants = 40;
const concurrentJobs = 2;
const aloneMs = 30_000;

/** Resident memory of a process, MiB. */
const memoryOf = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;

/** Keeps so many jobs of the built-in model running until it is stopped. Resolves with the seconds that each took. */
function runJobs(client: Client, blob: string) {
  let stopped = false;
  const seconds: number[] = [];
  const runOne = async () => {
    const began = performance.now();
    const job = await client.createJob({ target: blob, language: 'svg', policy: { maxIterations: 4, threshold: 1 } });
    while (!(await hasEnded(client, job.id))) await sleep(200);
    if (!stopped) seconds.push((performance.now() - began) / 1000);
  };
  const loops = Array.from({ length: concurrentJobs }, async () => {
    while (!stopped) await runOne();
  });
  return {
    async stop(): Promise<number[]> {
      stopped = true;
      await Promise.all(loops);
      return seconds;
    },
  };
}

/** A broken connection is no answer. */
const hasEnded = (client: Client, id: string): Promise<boolean> =>
  client.getJob(id).then(
    ({ status }) => isFinal(status),
    () => false,
  );

const sorted = (values: readonly number[]) => values.toSorted((a, b) => a - b);
const quantile = (values: readonly number[], share: number): number =>
  sorted(values)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? NaN;
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

async function measure(stacks: readonly Stack[]): Promise<void> {
  const clients = stacks.map(({ url }) => new Client({ url }));
  const [first] = clients as [Client];
  const blobs = await Promise.all(
    Array.from({ length: variants }, async (_, variant) => {
      const { id } = await first.putBlob(new Uint8Array(await crowdTarget(variant)));
      return id;
    }),
  );
  const alone: PlayedSession[] = [];
  for (const [variant, blob] of blobs.entries())
    alone.push(await playSession(clients, `alone-${variant}`, { variant, blob }));
  console.log(
    `a step alone: ${quantile(
      alone.flatMap(({ times }) => times.slice(1)),
      0.5,
    ).toFixed(0)} ms (median)`,
  );

  const quiet = runJobs(first, blobs[0]!);
  await sleep(aloneMs);
  const jobsAlone = await quiet.stop();
  console.log(
    `jobs alone: ${jobsAlone.length} in ${aloneMs / 1000} s, ${quantile(jobsAlone, 0.5).toFixed(1)} s each (median)`,
  );

  const memory = stacks.map((): number[] => []);
  const sample = () => stacks.forEach(({ server }, index) => memory[index]!.push(memoryOf(server.pid)));
  sample();
  const timer = setInterval(sample, 1000);
  const meanwhile = runJobs(first, blobs[0]!);
  const began = performance.now();
  const crowd = await Promise.all(
    Array.from({ length: sessions }, (_, index) => {
      const variant = index % variants;
      return playSession(clients, `crowd-${index}`, { variant, blob: blobs[variant]! });
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  clearInterval(timer);
  const jobs = await meanwhile.stop();
  report({ alone, crowd, seconds, memory, jobs, jobsAlone });
}

interface Report {
  alone: PlayedSession[];
  crowd: PlayedSession[];
  seconds: number;
  /** MiB each second, of each server. */
  memory: number[][];
  /** Seconds of each job. */
  jobs: number[];
  jobsAlone: number[];
}

function report({ alone, crowd, seconds, memory, jobs, jobsAlone }: Report): void {
  const outcome = (played: PlayedSession) => JSON.stringify(outcomeOf(played));
  const mixed = crowd.filter((played, index) => outcome(played) !== outcome(alone[index % variants]!));
  const steps = crowd.flatMap(({ times }) => times.slice(1));
  const count = (of: (played: PlayedSession) => number) => crowd.reduce((sum, played) => sum + of(played), 0);
  console.log(
    `${sessions} sessions of ${crowdTurns} steps in ${seconds.toFixed(0)} s: ${((sessions * (crowdTurns + 1)) / seconds).toFixed(1)} resets and steps a second`,
  );
  console.log(
    `a step among them: ${(quantile(steps, 0.5) / 1000).toFixed(1)} s (median), ${(quantile(steps, 0.95) / 1000).toFixed(1)} s (95 %), ${count(({ refused }) => refused)} answers of 429, ${count(({ broken }) => broken)} broken connections or answers of 5xx`,
  );
  console.log(`sessions whose rewards or verdicts differ from the same replies alone: ${mixed.length}`);
  console.log(`prompts with the code of another session: ${count(({ foreignPrompts }) => foreignPrompts)}`);
  for (const [index, samples] of memory.entries()) {
    const tenths = Array.from({ length: 10 }, (_, tenth) =>
      mean(samples.slice((samples.length * tenth) / 10, (samples.length * (tenth + 1)) / 10)),
    );
    console.log(
      `memory of server ${index + 1}: ${samples[0]!.toFixed(0)} MiB before, by tenths of the time ${tenths.map((tenth) => tenth.toFixed(0)).join(', ')} MiB, at most ${Math.max(...samples).toFixed(0)} MiB`,
    );
  }
  console.log(
    `jobs meanwhile: ${jobs.length}, ${quantile(jobs, 0.5).toFixed(1)} s each (median), ${(quantile(jobs, 0.5) / quantile(jobsAlone, 0.5)).toFixed(1)} times as long as alone`,
  );
}

const postgres = await startTestPostgres();
const folder = await mkdtemp(join(tmpdir(), 'pentimento-environments-'));
const stacks: Stack[] = [];
try {
  const variables = {
    DATABASE_URL: await postgres.newDatabase(),
    PENTIMENTO_BLOB_STORE: join(folder, 'blobs'),
  };
  for (const worker of ['on', 'off'])
    stacks.push(await startStack({ variables: { ...variables, PENTIMENTO_WORKER: worker } }));
  await measure(stacks);
} finally {
  for (const stack of stacks) await stack.stop();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}

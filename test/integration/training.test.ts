import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client } from '@pentimento/client';
import { rewardResponseSchema } from '@pentimento/api-contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPython, runPython } from '../support/python.ts';
import { startStack, type Stack } from '../support/stack.ts';

const root = resolve(import.meta.dirname, '../..');
const integrations = join(root, 'integrations');
const targets = ['isometric', 'tiny-icon'].map((name) => join(root, `examples/${name}.png`));
const turns = 3;
const modules = ['trl', 'torch', 'transformers', 'datasets', 'PIL'];
const named = process.env['PENTIMENTO_TRAINERS_PYTHON'];
const python = await findPython([named ?? 'python3'], modules);
const missing = `${named ?? 'python3'} has not all of ${modules.join(', ')}: PENTIMENTO_TRAINERS_PYTHON names a Python that has.`;
const isSkipped = !python && named === undefined;
if (isSkipped) console.warn(`The training run in TRL is skipped: ${missing}`);

interface Training<Sample> {
  steps: { loss: number; grad_norm: number; reward: number; reward_std: number }[];
  images: { sampling: number; training: number };
  samples: Sample[];
}

interface Sample {
  reward: number;
}

interface SingleTurn extends Sample {
  reply: string;
  solution: string;
}

interface Episode extends Sample {
  session: string;
  /** How many images each prompt showed, in order of turns. */
  images: number[];
}

let folder: string;
let stack: Stack;
beforeAll(async () => {
  if (!python) return;
  folder = await mkdtemp(join(tmpdir(), 'pentimento-training-'));
  stack = await startStack({ variables: { PENTIMENTO_WORKER: 'off' } });
});
afterAll(async () => {
  await stack?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** The environment of a trainer that keeps everything in the folder and downloads nothing. */
const environment = () => ({
  PATH: process.env['PATH']!,
  HOME: folder,
  HF_HUB_OFFLINE: '1',
  CUDA_VISIBLE_DEVICES: '',
  PENTIMENTO_URL: stack.url,
});

async function train<One extends Sample>(...options: string[]): Promise<Training<One>> {
  const rows = join(folder, 'rows');
  const policy = JSON.stringify({ maxIterations: turns, patches: 1 });
  const written = ['--trainer', 'trl', '--policy', policy, '--language', 'svg', '--out', rows, ...targets];
  await runPython(python!, [join(integrations, 'rows.py'), ...written], environment());
  const printed = await runPython(python!, [join(integrations, 'trl/train_tiny.py'), rows, ...options], environment());
  return JSON.parse(printed.trim().split('\n').at(-1)!) as Training<One>;
}

/** Three steps of eight completions, whose losses are numbers and whose rewards differ and are those of the samples. */
function expectLearning({ steps, samples }: Training<Sample>): void {
  expect(steps).toHaveLength(3);
  for (const { loss, grad_norm } of steps) {
    expect(Number.isFinite(loss)).toBe(true);
    expect(grad_norm).toBeGreaterThan(0);
  }
  expect(samples).toHaveLength(24);
  expect(new Set(samples.map(({ reward }) => reward)).size).toBeGreaterThan(3);
  const mean = samples.reduce((sum, { reward }) => sum + reward, 0) / samples.length;
  expect(steps.reduce((sum, { reward }) => sum + reward, 0) / steps.length).toBeCloseTo(mean, 5);
}

/** What the service itself gives for the samples. */
async function scored(samples: SingleTurn[]): Promise<(number | null)[]> {
  const items = samples.map(({ reply, solution }) => {
    const { target, language } = JSON.parse(solution) as { target: string; language: string };
    return { id: 'a', language, response: reply, reference: { blob: target } };
  });
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ items });
  const response = await fetch(`${stack.url}/v1/rewards/score`, { method: 'POST', headers, body });
  const { results } = rewardResponseSchema.parse(await response.json());
  return results.map(({ components }) => components.overall);
}

/** The scores of the replies of each episode, as the service has recorded them. */
async function recorded(samples: Episode[]): Promise<number[][]> {
  const client = new Client({ url: stack.url });
  const { data: jobs } = await client.listJobs({ kind: 'environment', limit: 100 });
  const jobOf = new Map(jobs.map(({ id, episode }) => [episode!.session, id]));
  return Promise.all(
    samples.map(async ({ session }) => {
      const candidates = await client.listCandidates(jobOf.get(session)!);
      return candidates.map(({ reward }) => reward.terms.overall!);
    }),
  );
}

describe('training in TRL', () => {
  it.skipIf(isSkipped)(
    'takes three steps of GRPO on images with the rewards of a running server',
    { timeout: 1_200_000 },
    async () => {
      expect(python, missing).toBeDefined();
      const training = await train<SingleTurn>();
      expectLearning(training);
      const { images, samples } = training;
      expect(images.sampling).toBeGreaterThanOrEqual(samples.length);
      expect(images.training).toBe(samples.length);
      expect(samples.map(({ reward }) => reward)).toEqual(await scored(samples));
    },
  );

  it.skipIf(isSkipped)(
    'takes three steps of GRPO on several turns, whose images reach the model, with the environment of a running server',
    { timeout: 1_200_000 },
    async () => {
      expect(python, missing).toBeDefined();
      const training = await train<Episode>('--environment');
      expectLearning(training);
      const { images, samples } = training;
      const shown = samples.flatMap((sample) => sample.images);
      expect(images.training).toBe(shown.reduce((sum, count) => sum + count, 0));
      expect(images.sampling).toBeGreaterThan(images.training);
      const episodes = await recorded(samples);
      expect(samples.map(({ reward }) => reward)).toEqual(episodes.map((scores) => Math.max(...scores)));
      expect(Math.max(...episodes.map((scores) => scores.length))).toBe(turns);
      // The target, then the target again with the render, and a patch of each.
      const whole = samples.filter(({ images: [first, second] }) => first === 1 && second === 4);
      expect(whole.length).toBeGreaterThan(samples.length / 2);
    },
  );
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { rewardResponseSchema } from '@pentimento/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPython, runPython } from '../support/python.ts';
import { startStack, type Stack } from '../support/stack.ts';

const root = resolve(import.meta.dirname, '../..');
const integrations = join(root, 'integrations');
const targets = ['isometric', 'tiny-icon'].map((name) => join(root, `examples/${name}.png`));
const modules = ['trl', 'torch', 'transformers', 'datasets', 'PIL'];
const named = process.env['PENTIMENTO_TRAINERS_PYTHON'];
const python = await findPython([named ?? 'python3'], modules);
const missing = `${named ?? 'python3'} has not all of ${modules.join(', ')}: PENTIMENTO_TRAINERS_PYTHON names a Python that has.`;
const isSkipped = !python && named === undefined;
if (isSkipped) console.warn(`The training run in TRL is skipped: ${missing}`);

interface Training {
  steps: { loss: number; grad_norm: number; reward: number; reward_std: number }[];
  images: { sampling: number; training: number };
  samples: { reply: string; solution: string; reward: number }[];
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

async function train(): Promise<Training> {
  const rows = join(folder, 'rows');
  const written = ['--trainer', 'trl', '--language', 'svg', '--out', rows, ...targets];
  await runPython(python!, [join(integrations, 'rows.py'), ...written], environment());
  const printed = await runPython(python!, [join(integrations, 'trl/train_tiny.py'), rows], environment());
  return JSON.parse(printed.trim().split('\n').at(-1)!) as Training;
}

/** What the service itself gives for the samples. */
async function scored(samples: Training['samples']): Promise<(number | null)[]> {
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

describe('training in TRL', () => {
  it.skipIf(isSkipped)(
    'takes three steps of GRPO on images with the rewards of a running server',
    { timeout: 600_000 },
    async () => {
      expect(python, missing).toBeDefined();
      const { steps, images, samples } = await train();
      expect(steps).toHaveLength(3);
      for (const { loss, grad_norm } of steps) {
        expect(Number.isFinite(loss)).toBe(true);
        expect(grad_norm).toBeGreaterThan(0);
      }
      expect(images.sampling).toBeGreaterThanOrEqual(3);
      expect(images.training).toBeGreaterThanOrEqual(3);
      expect(samples).toHaveLength(24);
      expect(samples.map(({ reward }) => reward)).toEqual(await scored(samples));
      expect(new Set(samples.map(({ reward }) => reward)).size).toBeGreaterThan(3);
      const mean = samples.reduce((sum, { reward }) => sum + reward, 0) / samples.length;
      expect(steps.reduce((sum, { reward }) => sum + reward, 0) / steps.length).toBeCloseTo(mean, 5);
    },
  );
});

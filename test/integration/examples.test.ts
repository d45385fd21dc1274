import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import sharp from 'sharp';
import { afterAll, expect, it } from 'vitest';
import { refine, searchStrategies, type Ports } from '@pentimento/agent';
import { policySchema } from '@pentimento/contracts';
import { createModels } from '@pentimento/models';
import { createRenderService } from '@pentimento/render';
import { fitWithin, RegionCropper } from '@pentimento/imaging';
import { languages } from '@pentimento/render/languages';
import { createReward } from '@pentimento/reward';
import { memoryBlobs, memoryTrajectory } from '../support/memory.ts';

const folder = resolve(import.meta.dirname, '../../examples');
const examples = JSON.parse(readFileSync(resolve(folder, 'examples.json'), 'utf8')) as { id: string; file: string }[];
const reward = createReward();
const renderers = createRenderService({});
const cropper = new RegionCropper();

afterAll(async () => {
  await Promise.all([reward.close(), renderers.close()]);
});

/** The built-in model on an example as SVG at the default policy, with the real renderer and the real reward. */
async function refineExample(file: string) {
  const blobs = memoryBlobs();
  const trajectory = memoryTrajectory();
  const { data, info } = await sharp(resolve(folder, file))
    .flatten({ background: '#fff' })
    .png()
    .toBuffer({ resolveWithObject: true });
  const image = await blobs.put(data, 'image/png');
  const ports: Ports = {
    model: createModels({ environment: {}, languages, blobs }),
    render: renderers,
    reward,
    images: { fit: fitWithin, crops: (...args) => cropper.crops(...args) },
    blobs,
    trajectory,
    clock: { now: Date.now, timeout: AbortSignal.timeout },
    newCandidateId: () => `cand_${crypto.randomUUID()}`,
    nextTurn: () => Promise.resolve(),
    onUnexpectedError: (error) => {
      throw error;
    },
  };
  const job = {
    id: `job_${crypto.randomUUID()}`,
    target: { image, original: image, width: info.width, height: info.height, hadAlpha: false, deviceScale: 1 },
    language: languages.find(({ id }) => id === 'svg')!,
    model: 'builtin/vectorizer',
    instructions: '',
    initialCode: null,
    policy: policySchema.parse({}),
    budget: {},
    spent: { inputTokens: 0, outputTokens: 0, cost: 0, seconds: 0 },
  };
  const ending = await refine({
    job,
    from: [],
    trusted: true,
    strategies: searchStrategies,
    ports,
    signal: new AbortController().signal,
  });
  return { ending, iterations: trajectory.iterations };
}

it.each(examples)('refines $id: gains at least 0.05, monotone in its best', async ({ file }) => {
  const { ending, iterations } = await refineExample(file);
  expect(ending).toMatchObject({ kind: 'ended', error: null });
  const first = iterations[0]!.candidates[0]!.reward.terms.overall;
  const bests = iterations.map((iteration) => iteration.best!.overall);
  expect(bests.at(-1)! - first).toBeGreaterThanOrEqual(0.05);
  expect(bests).toEqual(bests.toSorted((a, b) => a - b));
});

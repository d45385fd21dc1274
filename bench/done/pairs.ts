/** Every target with a render of it, each by a name that says where it comes from: what the labels are about. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { RewardTerms } from '../../libs/contracts/src/index.ts';
import sharp from 'sharp';
import { createRenderService, type RenderService } from '../../libs/render/src/index.ts';
import { createReward, type Reward } from '../../libs/reward/src/index.ts';
import { trajectory } from './trajectories.ts';
import { variedExamples } from './variants.ts';

export interface Pair {
  /** "example/language/iteration" of a trajectory, "example/language/change-number" of changed code. */
  id: string;
  /** `traced`: the built-in model wrote it; `code`: the example's own code, changed. */
  source: 'traced' | 'code';
  example: string;
  /** First twelve digits of the code's SHA-256. */
  code: string;
  terms: RewardTerms;
  target: Uint8Array;
  render: Uint8Array;
}

interface Example {
  id: string;
  file: string;
  language: string;
}

const folder = new URL('../../examples/', import.meta.url);
/** What the built-in model writes each example in: SVG, and the example's own language where it can. */
const traced = new Set(['python', 'html', 'latex']);

export async function allPairs(): Promise<Pair[]> {
  const renderers = createRenderService();
  const reward = createReward();
  try {
    return [...(await tracedPairs({ renderers, reward })), ...(await codePairs({ renderers, reward }))];
  } finally {
    await Promise.all([renderers.close(), reward.close()]);
  }
}

interface Ports {
  renderers: RenderService;
  reward: Reward;
}

async function tracedPairs(ports: Ports): Promise<Pair[]> {
  const examples = JSON.parse(await readFile(new URL('examples.json', folder), 'utf8')) as Example[];
  const pairs: Pair[] = [];
  for (const { id: example, file, language: own } of examples) {
    const target = await sharp(await readFile(new URL(file, folder)))
      .flatten({ background: '#fff' })
      .png()
      .toBuffer();
    const { width, height } = await sharp(target).metadata();
    for (const language of ['svg', ...(traced.has(own) ? [own] : [])]) {
      for (const { iteration, code, render, reward } of await trajectory(
        { image: target, size: { width, height }, language },
        ports,
      ))
        pairs.push({
          id: `${example}/${language}/${iteration}`,
          ...{ source: 'traced', example, target, render },
          code: digest(code),
          terms: reward.terms,
        });
    }
  }
  return pairs;
}

async function codePairs(ports: Ports): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for await (const { example, language, target, variants } of variedExamples(ports)) {
    for (const [number, { change, code, render, reward }] of variants.entries()) {
      const name = change.split(':')[0]!.replaceAll(' ', '-');
      pairs.push({
        id: `${example}/${language}/${name}-${number}`,
        ...{ source: 'code', example, target, render },
        code: digest(code),
        terms: reward.terms,
      });
    }
  }
  return pairs;
}

const digest = (code: string): string => createHash('sha256').update(code).digest('hex').slice(0, 12);

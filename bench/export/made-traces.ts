/** Trajectories of any number, made as they are asked for: nothing of them is kept. */
import { readFile } from 'node:fs/promises';
import { writeTask, type MessagePart, type Prompt, type TokenRecord } from '@pentimento/contracts';
import sharp from 'sharp';
import { blobOf, nameOfBlob, readSampleBlob, sampleTrace } from '../../libs/traces/src/testing/traces.ts';
import type { Trace } from '../../libs/traces/src/trace.ts';

const examples = ['grouped-bars', 'heatmap', 'pgfplot', 'pricing-page', 'log-scatter', 'isometric'];
const whole = { width: 400, height: 300 };
const crop = { width: 160, height: 120 };

/** Three groups of two. */
const scores = [
  [0.7, 0.5],
  [0.86, 0.75],
  [0.96, 0.9],
];
const patches = 2;
/** Tokens of an image, of a prompt's text, and of a reply. */
const tokenCounts = { image: 256, prompt: 1500, completion: 700 };
const imageToken = 151_655;

/** The bytes of an image by its blob. */
type ImageOf = (id: string) => Uint8Array;

/** PNGs of real charts and pages, whole and crops. */
export async function imagePool(): Promise<ImageOf> {
  const folder = new URL('../../examples/', import.meta.url);
  const wholes: Uint8Array[] = [];
  const crops: Uint8Array[] = [];
  for (const name of examples) {
    const png = await sharp(await readFile(new URL(`${name}.png`, folder)))
      .flatten({ background: '#fff' })
      .resize({ ...whole, fit: 'fill' })
      .png({ palette: false })
      .toBuffer();
    wholes.push(png);
    for (const left of [0, 120, 240])
      crops.push(
        await sharp(png)
          .extract({ left, top: 100, ...crop })
          .png()
          .toBuffer(),
      );
  }
  return (id) => {
    const name = nameOfBlob(id);
    const pool = name.startsWith('crop') ? crops : wholes;
    return pool[[...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % pool.length]!;
  };
}

export async function* madeTraces(count: number): AsyncGenerator<Trace> {
  for (let number = 1; number <= count; number++) yield sampleTrace(number, scores);
}

/** The blobs of made traces: images of the pool, prompts with a crop of target and render for each patch, and long texts. */
export function madeBlobs(imageOf: ImageOf): (id: string) => Promise<Uint8Array | null> {
  return (id) => {
    const [kind, position = '', number = position] = nameOfBlob(id).split(' ');
    switch (kind) {
      case 'target':
      case 'render':
      case 'crop':
      case 'upload':
        return Promise.resolve(imageOf(id));
      case 'prompt':
        return Promise.resolve(utf8(JSON.stringify(madePrompt(Number(position), number))));
      case 'tokens':
        return Promise.resolve(utf8(JSON.stringify(madeTokens(Number(position.split('/')[0]), number))));
      case 'reply':
      case 'code':
        return Promise.resolve(utf8(`<svg id="${position}">${'<rect width="10" height="10"/>\n'.repeat(60)}</svg>`));
      default:
        return readSampleBlob(id);
    }
  };
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The images of a prompt in order: the target, then the render of the best candidate before, and the crops. */
function imagesOf(iteration: number, number: string): string[] {
  if (iteration === 0) return [`target ${number}`];
  const crops = Array.from({ length: 2 * patches }, (_, index) => `crop ${iteration}/${index} ${number}`);
  return [`target ${number}`, `render ${iteration - 1}/0 ${number}`, ...crops];
}

function madePrompt(iteration: number, number: string): Prompt {
  const names = imagesOf(iteration, number);
  const roles = ['target', 'render'] as const;
  const task = writeTask({
    task: iteration === 0 ? 'draft' : 'refine',
    language: 'svg',
    answer: iteration === 0 ? 'code' : 'edits',
    size: whole,
    images: names.map((_, index) => ({
      ...{ image: index + 1, ...whole, box: { x: 0, y: 0, ...whole } },
      role: roles[index] ?? (index % 2 === 0 ? 'patch-target' : 'patch-render'),
    })),
    score: null,
    patches: [],
    keep: [],
  });
  const images = names.flatMap((name, index): MessagePart[] => [
    { type: 'text', text: `Image ${index + 1}` },
    { type: 'image', image: blobOf(name), mediaType: 'image/png', ...(index < 2 ? whole : crop) },
  ]);
  const text = `${task}\n\n${'The code so far, line by line. '.repeat(100)}`;
  return {
    instructions: 'You write code that reproduces a target image.',
    messages: [{ role: 'user', content: [{ type: 'text', text }, ...images] }],
  };
}

function madeTokens(iteration: number, number: string): TokenRecord {
  const images = imagesOf(iteration, number).map(blobOf);
  const { image: length, prompt, completion } = tokenCounts;
  return {
    promptTokenIds: [
      ...images.flatMap(() => [1, ...Array<number>(length).fill(imageToken)]),
      ...Array.from({ length: prompt }, (_, index) => 1000 + index * 7),
    ],
    completionTokenIds: Array.from({ length: completion }, (_, index) => 1000 + index * 11),
    logprobs: Array.from({ length: completion }, (_, index) => -(index % 97) / 131),
    logprobsMode: 'processed_logprobs',
    imagePlaceholders: images.map((image, index) => ({ offset: 1 + index * (length + 1), length, image })),
  };
}

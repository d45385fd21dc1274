import {
  fence,
  policySchema,
  writeTask,
  type Candidate,
  type Iteration,
  type MessagePart,
  type Patch,
  type Prompt,
  type TokenRecord,
} from '@pentimento/contracts';
import { traceVersion, type Trace } from '../trace.ts';
import { samplePng } from './png.ts';

const at = '2026-11-29T10:00:00.000Z';
const uuid = (number: number) => `00000000-0000-7000-8000-${number.toString().padStart(12, '0')}`;

/** A blob id that names what `readSampleBlob` makes of it, e.g. "target 7" or "reply 1/0 7". */
export const blobOf = (name: string): string =>
  [...new TextEncoder().encode(name)]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .padEnd(64, '0');

/** What a blob id of `blobOf` names. */
export const nameOfBlob = (id: string): string =>
  new TextDecoder().decode(Uint8Array.from(id.match(/../g)!, (pair) => Number.parseInt(pair, 16))).replaceAll('\0', '');

/** Shares of a candidate's fields that tests vary. */
interface SampleCandidate {
  iteration: number;
  index: number;
  overall: number;
  parents: string[];
}

/** The trajectory of most samples: a draft, then a group of two of which the first is better than the draft, and the second worse. */
const sampleScores = [[0.8], [0.96, 0.7]];

/**
 * A finished job, different for each number. Its blobs are read by `readSampleBlob`. `scores`: those of each group, the best first, from
 * which the next group starts.
 */
export function sampleTrace(number: number, scores: readonly (readonly number[])[] = sampleScores): Trace {
  const jobId = `job_${uuid(number)}`;
  const iterations: Iteration[] = [];
  for (const [iteration, group] of scores.entries()) {
    const parents = iterations.slice(-1).map(({ candidates }) => candidates[0]!.id);
    const candidates = group.map((overall, index) =>
      sampleCandidate(jobId, number, { iteration, index, overall, parents }),
    );
    iterations.push(sampleIteration(candidates, iteration === 0 ? [] : [samplePatch]));
  }
  const best = iterations.at(-1)!.candidates[0]!;
  const { overall } = best.reward.terms;
  return {
    traceVersion,
    job: {
      id: jobId,
      kind: 'refinement',
      episode: null,
      name: `chart ${number}.png`,
      target: {
        image: blobOf(`target ${number}`),
        original: blobOf(`upload ${number}`),
        width: 64,
        height: 48,
        hadAlpha: false,
        deviceScale: 1,
      },
      language: 'svg',
      model: 'openai-compatible/sample',
      policyVersion: 'step 7',
      instructions: '',
      initialCode: null,
      policy: policySchema.parse({ threshold: 0.95, candidates: 2 }),
      budget: {},
      status: 'succeeded',
      outcome: 'threshold_met',
      stopReason: 'threshold',
      stopDetail: 'The best score 0.960 is at or above the threshold 0.950.',
      error: null,
      best: {
        candidate: best.id,
        iteration: best.iteration,
        overall,
        code: best.code!,
        image: blobOf(`render ${best.iteration}/0 ${number}`),
      },
      scores: scores.map((group) => Math.max(...group)),
      spent: { inputTokens: 300, outputTokens: 60, cost: 0, seconds: 2 },
      forkedFrom: null,
      tags: [],
      createdAt: at,
      startedAt: at,
      finishedAt: at,
    },
    iterations,
    failedCalls: [],
    rescores: [],
    judgments: [],
    interventions: [],
  };
}

const samplePatch: Patch = {
  rank: 1,
  box: { x: 8, y: 8, width: 16, height: 16 },
  score: 0.5,
  lostShare: 0.9,
  change: null,
};

function sampleCandidate(jobId: string, number: number, sample: SampleCandidate): Candidate {
  const { iteration, index, overall, parents } = sample;
  const position = `${iteration}/${index} ${number}`;
  return {
    id: `cand_${uuid(number * 100 + iteration * 10 + index)}`,
    jobId,
    iteration,
    index,
    parents,
    call: {
      iteration,
      candidate: index,
      model: 'openai-compatible/sample',
      prompt: blobOf(`prompt ${iteration} ${number}`),
      reply: blobOf(`reply ${position}`),
      reasoning: blobOf(`reasoning ${position}`),
      capture: { level: 'token_exact', tokens: blobOf(`tokens ${position}`) },
      finishReason: 'stop',
      usage: { inputTokens: 100, outputTokens: 20, cost: null },
      served: { model: 'sample', id: null, fingerprint: null, weightVersion: null },
      sampling: { temperature: 1, seed: index, maxOutputTokens: 4096 },
      attempts: 1,
      ms: 1,
    },
    parseStatus: 'code',
    parseDetail: '',
    code: blobOf(`code ${position}`),
    render: {
      status: 'ok',
      image: blobOf(`render ${position}`),
      width: 64,
      height: 48,
      log: '',
      molecule: null,
      bitmapShare: null,
      renderer: 'svg 1',
      ms: 1,
    },
    reward: {
      version: '1',
      encoder: { id: 'tiny', sha256: 'a'.repeat(64) },
      preprocessing: '1',
      terms: { overall, visual: overall, alignment: 1, execution: 1, color: overall, text: null, windows: overall },
      tiles: [],
      windows: [],
      shift: null,
      map: null,
      empty: false,
      ms: 1,
    },
    createdAt: at,
  };
}

function sampleIteration(candidates: Candidate[], patches: Patch[]): Iteration {
  const [best] = candidates as [Candidate];
  const { jobId, iteration: index, parents } = best;
  return {
    jobId,
    index,
    round: index,
    kind: index === 0 ? 'draft' : 'refine',
    parents,
    patches,
    candidates,
    verdicts: candidates.map((candidate) => (candidate === best ? 'accepted' : 'not_best')),
    accepted: [best.id],
    improvedRegions: [],
    regressedRegions: [],
    best: { candidate: best.id, iteration: index, overall: best.reward.terms.overall },
    startedAt: at,
    finishedAt: at,
  };
}

/** The bytes of a sample's blob by its id: what its name says. */
export function readSampleBlob(id: string): Promise<Uint8Array | null> {
  const [kind, ...rest] = nameOfBlob(id).split(' ');
  return Promise.resolve(contentOf(kind!, rest));
}

function contentOf(kind: string, [position, number = position]: string[]): Uint8Array | null {
  switch (kind) {
    case 'target':
    case 'render':
    case 'upload':
      return samplePng(Number(number) * 3 + kind.length);
    case 'prompt':
      return utf8(JSON.stringify(samplePrompt(Number(position), number!)));
    case 'reply':
      return utf8(`Here it is.\n\n${fence(sampleCode(position!), 'svg')}`);
    case 'reasoning':
      return utf8('The circle is red.');
    case 'code':
      return utf8(sampleCode(position!));
    case 'tokens':
      return utf8(JSON.stringify(sampleTokens(Number(position!.split('/')[0]), number!)));
    default:
      return null;
  }
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

export const sampleCode = (position: string): string => `<svg xmlns="http://www.w3.org/2000/svg" id="c${position}"/>`;

/** A prompt with its task block: the target alone for a draft, the target and the render for a refinement. */
function samplePrompt(iteration: number, number: string): Prompt {
  const size = { width: 64, height: 48 };
  const roles = iteration === 0 ? (['target'] as const) : (['target', 'render'] as const);
  const task = writeTask({
    task: iteration === 0 ? 'draft' : 'refine',
    language: 'svg',
    answer: iteration === 0 ? 'code' : 'edits',
    size,
    images: roles.map((role, index) => ({ image: index + 1, role, ...size, box: { x: 0, y: 0, ...size } })),
    score: iteration === 0 ? null : 0.8,
    patches: [],
    keep: [],
  });
  const images = roles.flatMap((role, index): MessagePart[] => [
    { type: 'text', text: `Image ${index + 1}: ${role}.` },
    {
      type: 'image',
      image: blobOf(role === 'target' ? `target ${number}` : `render 0/0 ${number}`),
      mediaType: 'image/png',
      ...size,
    },
  ]);
  return {
    instructions: 'You write code that reproduces a target image.',
    messages: [
      {
        role: 'user',
        content: [{ type: 'text', text: `Draw the target.\n\n${task}` }, ...images, { type: 'text', text: 'Reply.' }],
      },
    ],
  };
}

/** Two image tokens (7) for each image of the prompt. */
function sampleTokens(iteration: number, number: string): TokenRecord {
  const parts = samplePrompt(iteration, number).messages.flatMap(({ content }) => content);
  const images = parts.flatMap((part) => (part.type === 'image' ? [part.image] : []));
  return {
    promptTokenIds: [1, ...images.flatMap(() => [7, 7, 2]), 3],
    completionTokenIds: [4, 5, 6],
    logprobs: [-0.1, -0.2, -0.3],
    logprobsMode: 'processed_logprobs',
    imagePlaceholders: images.map((image, index) => ({ offset: 1 + index * 3, length: 2, image })),
  };
}

import { policySchema, type Candidate, type Iteration } from '@pentimento/contracts';
import { traceVersion, type Trace } from '../trace.ts';

const at = '2026-11-29T10:00:00.000Z';
const uuid = (number: number) => `00000000-0000-7000-8000-${number.toString().padStart(12, '0')}`;

/** A blob id that names some text in tests: its bytes are the text. */
export const blobOf = (text: string): string =>
  [...new TextEncoder().encode(text)]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .padEnd(64, '0')
    .slice(0, 64);

/** A finished job of two iterations, different for each number. */
export function sampleTrace(number: number): Trace {
  const jobId = `job_${uuid(number)}`;
  const first = sampleCandidate(jobId, 0, number, []);
  const second = sampleCandidate(jobId, 1, number, [first.id]);
  const iterations = [sampleIteration(first), sampleIteration(second)];
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
      model: 'builtin/vectorizer',
      instructions: '',
      initialCode: null,
      policy: policySchema.parse({}),
      budget: {},
      status: 'succeeded',
      outcome: 'threshold_met',
      stopReason: 'threshold',
      stopDetail: 'The best score 0.960 is at or above the threshold 0.950.',
      error: null,
      best: {
        candidate: second.id,
        iteration: 1,
        overall: 0.96,
        code: second.code!,
        image: blobOf(`render 1 ${number}`),
      },
      scores: [0.8, 0.96],
      spent: { inputTokens: 200, outputTokens: 40, cost: 0, seconds: 2 },
      createdAt: at,
      startedAt: at,
      finishedAt: at,
    },
    iterations,
  };
}

function sampleCandidate(jobId: string, iteration: number, number: number, parents: string[]): Candidate {
  const overall = iteration === 0 ? 0.8 : 0.96;
  return {
    id: `cand_${uuid(number * 10 + iteration)}`,
    jobId,
    iteration,
    index: 0,
    parents,
    call: {
      iteration,
      candidate: 0,
      model: 'builtin/vectorizer',
      prompt: blobOf(`prompt ${iteration} ${number}`),
      reply: blobOf(`reply ${iteration} ${number}`),
      reasoning: blobOf(`reasoning ${iteration} ${number}`),
      capture: { level: 'token_exact', tokens: blobOf(`tokens ${iteration} ${number}`) },
      finishReason: 'stop',
      usage: { inputTokens: 100, outputTokens: 20, cost: null },
      served: { model: null, id: null, fingerprint: null, weightVersion: null },
      sampling: { temperature: null, seed: null, maxOutputTokens: 4096 },
      attempts: 1,
      ms: 1,
    },
    parseStatus: 'code',
    parseDetail: '',
    code: blobOf(`code ${iteration} ${number}`),
    render: {
      status: 'ok',
      image: blobOf(`render ${iteration} ${number}`),
      width: 64,
      height: 48,
      log: '',
      molecule: null,
      renderer: 'svg 1',
      ms: 1,
    },
    reward: {
      version: '1',
      encoder: { id: 'tiny', sha256: 'a'.repeat(64) },
      preprocessing: '1',
      terms: { overall, visual: overall, alignment: 1, execution: 1 },
      tiles: [],
      windows: [],
      shift: null,
      map: null,
      ms: 1,
    },
    createdAt: at,
  };
}

function sampleIteration(candidate: Candidate): Iteration {
  const { jobId, iteration: index, parents, id, reward } = candidate;
  return {
    jobId,
    index,
    round: index,
    kind: index === 0 ? 'draft' : 'refine',
    parents,
    patches: [],
    candidates: [candidate],
    verdicts: ['accepted'],
    accepted: [id],
    improvedRegions: [],
    regressedRegions: [],
    best: { candidate: id, iteration: index, overall: reward.terms.overall },
    startedAt: at,
    finishedAt: at,
  };
}

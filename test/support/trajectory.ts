import { randomUUID } from 'node:crypto';
import {
  budgetSchema,
  policySchema,
  type Candidate,
  type Iteration,
  type ModelCall,
  type NewEvent,
} from '@pentimento/contracts';
import type { Claim, NewJob, Store } from '@pentimento/store';

/** Stores some text as a blob: ids in rows must be those of stored blobs. */
export const blob = (store: Store, text: string): Promise<string> =>
  store.blobs.put(new TextEncoder().encode(text), 'text/plain');

/** A job to create, with its target stored. */
export async function newJob(store: Store, parts: Partial<NewJob> = {}): Promise<NewJob> {
  const image = await blob(store, 'target');
  return {
    name: 'chart.png',
    target: { image, original: image, width: 640, height: 480, hadAlpha: false, deviceScale: 1 },
    language: 'svg',
    model: 'builtin/vectorizer',
    policyVersion: null,
    instructions: '',
    initialCode: null,
    policy: policySchema.parse({}),
    budget: budgetSchema.parse({}),
    ...parts,
  };
}

/** A new job, claimed for a minute. */
export async function claimedJob(store: Store, parts: Partial<NewJob> = {}): Promise<Claim> {
  const job = await store.createJob(await newJob(store, parts));
  const claim = await store.claim(job.id, 'worker-a', 60_000);
  if (!claim) throw new Error('A new job was not there to claim.');
  return claim;
}

export async function newCall(store: Store, iteration: number, candidate: number): Promise<ModelCall> {
  return {
    iteration,
    candidate,
    model: 'builtin/vectorizer',
    prompt: await blob(store, `prompt ${iteration}`),
    reply: await blob(store, `reply ${iteration}/${candidate} ${randomUUID()}`),
    reasoning: await blob(store, `reasoning ${randomUUID()}`),
    capture: { level: 'token_exact', tokens: await blob(store, `tokens ${randomUUID()}`) },
    finishReason: 'stop',
    usage: { inputTokens: 100, outputTokens: 20, cost: 0.25 },
    served: { model: null, id: null, fingerprint: null, weightVersion: null },
    sampling: { temperature: null, seed: null, maxOutputTokens: 4096 },
    attempts: 1,
    ms: 12.5,
  };
}

/** A candidate that rendered with the score, or that did not render where the score is null. */
export async function newCandidate(
  store: Store,
  jobId: string,
  iteration: number,
  index: number,
  score: number | null,
): Promise<Candidate> {
  const image = await blob(store, `render ${randomUUID()}`);
  const box = { x: 0, y: 0, width: 448, height: 448 };
  return {
    id: `cand_${randomUUID()}`,
    jobId,
    iteration,
    index,
    parents: [],
    call: await newCall(store, iteration, index),
    parseStatus: 'code',
    parseDetail: '',
    code: await blob(store, `code ${randomUUID()}`),
    render:
      score === null
        ? { status: 'failed', kind: 'syntax', message: 'Unclosed element.', renderer: 'svg 1', ms: 3 }
        : {
            status: 'ok',
            image,
            width: 640,
            height: 480,
            log: '',
            molecule: null,
            bitmapShare: null,
            renderer: 'svg 1',
            ms: 3,
          },
    reward: {
      version: '1',
      encoder: { id: 'tiny', sha256: 'a'.repeat(64) },
      preprocessing: '1',
      terms: {
        overall: score ?? 0.1,
        visual: score ?? 0,
        alignment: 1,
        execution: score === null ? 0 : 1,
        worstTile: score ?? 0,
        lowQuantile: score ?? 0,
        windows: null,
        size: 1,
        aspect: 1,
        color: score ?? 0,
        text: null,
        shiftTolerant: score ?? 0,
        strict: score ?? 0,
      },
      tiles: score === null ? [] : [{ index: 0, level: 'tile', box, score }],
      windows: [],
      shift: score === null ? null : { x: 0, y: 0 },
      map: score === null ? null : { columns: 2, rows: 1, scores: [score, 0.123456789012345] },
      empty: false,
      ms: 4,
    },
    createdAt: '2026-11-23T10:00:00.000Z',
  };
}

export function candidateFinished(candidate: Candidate): NewEvent {
  const { iteration, index, id, parseStatus, reward } = candidate;
  const ms = { model: 1, render: 1, reward: 1 };
  return {
    type: 'candidate.finished',
    data: { iteration, candidate: index, id, parseStatus, overall: reward.terms.overall, failure: null, ms },
  };
}

/** An iteration over the candidates, of which the best one's score is the job's best. */
export function newIteration(jobId: string, index: number, candidates: Candidate[], best: Candidate | null): Iteration {
  return {
    jobId,
    index,
    round: index,
    kind: index === 0 ? 'draft' : 'refine',
    parents: [],
    patches: [],
    candidates,
    verdicts: candidates.map((candidate) => (candidate === best ? 'accepted' : 'not_best')),
    accepted: best && candidates.includes(best) ? [best.id] : [],
    improvedRegions: [],
    regressedRegions: [],
    best: best && { candidate: best.id, iteration: best.iteration, overall: best.reward.terms.overall },
    startedAt: '2026-11-23T10:00:00.000Z',
    finishedAt: '2026-11-23T10:00:05.000Z',
  };
}

function iterationFinished(iteration: Iteration): NewEvent {
  const { index, kind, verdicts, accepted, best } = iteration;
  const score = best?.overall ?? null;
  const ms = { model: 1, render: 1, reward: 1 };
  return {
    type: 'iteration.finished',
    data: { iteration: index, kind, verdicts, accepted, score, best: score, change: null, worstPatch: null, ms },
  };
}

/** An iteration as a round of its own stores it. */
export const withEvent = (iteration: Iteration) => ({ iteration, event: iterationFinished(iteration) });

/** Runs a whole iteration of one candidate under the claim. */
export async function runIteration(store: Store, claim: Claim, index: number, score: number): Promise<Iteration> {
  const candidate = await newCandidate(store, claim.jobId, index, 0, score);
  const iteration = newIteration(claim.jobId, index, [candidate], candidate);
  await store.recordCall(claim, candidate.call!);
  await store.appendCandidate(claim, candidate, candidateFinished(candidate));
  await store.appendRound(claim, [withEvent(iteration)]);
  return iteration;
}

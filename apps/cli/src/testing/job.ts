import { jobLinks, policySchema, type Iteration, type Job, type JobEvent, type NewEvent } from '@pentimento/contracts';

const at = '2026-01-02T03:04:05.000Z';
const id = (prefix: string): string => `${prefix}_01920000-0000-7000-8000-000000000001`;
export const jobId = id('job');
const candidateId = id('cand');
export const codeBlob = 'a'.repeat(64);
export const imageBlob = 'b'.repeat(64);

export function aJob(changes: Partial<Job> = {}): Job {
  return {
    id: jobId,
    kind: 'refinement',
    episode: null,
    name: 'badge.png',
    target: { image: imageBlob, original: imageBlob, width: 420, height: 420, hadAlpha: false, deviceScale: 1 },
    language: 'svg',
    model: 'builtin/vectorizer',
    policyVersion: null,
    instructions: '',
    initialCode: null,
    policy: policySchema.parse({}),
    budget: {},
    status: 'succeeded',
    outcome: 'threshold_met',
    stopReason: 'threshold',
    stopDetail: 'The score 0.9600 reached the threshold 0.95.',
    error: null,
    best: { candidate: candidateId, iteration: 1, overall: 0.96, code: codeBlob, image: imageBlob },
    scores: [0.8, 0.96],
    spent: { inputTokens: 10, outputTokens: 20, cost: 0, seconds: 1.5 },
    forkedFrom: null,
    tags: [],
    createdAt: at,
    startedAt: at,
    finishedAt: at,
    links: jobLinks(jobId),
    ...changes,
  };
}

const times = { model: 210, render: 1200, reward: null };

export const iterationFinished = (iteration: number, score: number): NewEvent => ({
  type: 'iteration.finished',
  data: {
    iteration,
    kind: iteration === 0 ? 'draft' : 'refine',
    verdicts: ['accepted'],
    accepted: [candidateId],
    score,
    best: score,
    change: iteration === 0 ? null : 0.03,
    worstPatch: { x: 12, y: 40, width: 120, height: 88, score: 0.61234 },
    ms: times,
  },
});

export const jobFinished: NewEvent = {
  type: 'job.finished',
  data: { status: 'succeeded', outcome: 'threshold_met', stopReason: 'threshold', detail: 'It is good.', best: 0.96 },
};

/** The events of a job, numbered from 1. */
export const numbered = (...events: NewEvent[]): JobEvent[] =>
  events.map((event, index) => ({ ...event, seq: index + 1, jobId, at }));

export function anIteration(index: number, overall: number): Iteration {
  return {
    jobId,
    index,
    kind: index === 0 ? 'draft' : 'refine',
    round: index,
    parents: [],
    patches: [],
    candidates: [
      {
        id: candidateId,
        jobId,
        iteration: index,
        index: 0,
        parents: [],
        call: null,
        parseStatus: 'code',
        parseDetail: '',
        code: codeBlob,
        render: null,
        reward: {
          version: 'test',
          encoder: { id: 'test', sha256: 'c'.repeat(64) },
          preprocessing: 'test',
          terms: {
            overall,
            visual: overall,
            alignment: 1,
            execution: 1,
            worstTile: overall,
            lowQuantile: overall,
            windows: null,
            size: 1,
            aspect: 1,
            color: 1,
            text: null,
            shiftTolerant: overall,
            strict: overall,
          },
          tiles: [],
          windows: [],
          shift: null,
          map: null,
          empty: false,
          ms: 1,
        },
        createdAt: at,
      },
    ],
    verdicts: ['accepted'],
    accepted: [candidateId],
    improvedRegions: [],
    regressedRegions: [],
    best: { candidate: candidateId, iteration: index, overall },
    startedAt: at,
    finishedAt: at,
  };
}

import { describe, expect, it } from 'vitest';
import { parseEvent, type Job, type JobEvent } from '@pentimento/contracts';
import { appendEvents, patchJob, pendingOf, pendingWords } from './live.ts';

const jobId = 'job_0199aaaa-0000-7000-8000-000000000001';
const candidateId = 'cand_0199aaaa-0000-7000-8000-000000000001';
const ms = { model: 1, render: 1, reward: 1 };

function events(...list: [JobEvent['type'], object][]): JobEvent[] {
  return list.map(([type, data], index) =>
    parseEvent({ seq: index + 1, jobId, type, data, at: '2026-11-23T12:00:00Z' }),
  );
}

const started = ['iteration.started', { iteration: 0, kind: 'draft', candidates: 2 }] as const;
const finishedCandidate = (candidate: number) =>
  [
    'candidate.finished',
    { iteration: 0, candidate, id: candidateId, parseStatus: 'code', overall: 0.7, failure: null, ms },
  ] as const;
const finished = [
  'iteration.finished',
  {
    iteration: 0,
    kind: 'draft',
    verdicts: ['accepted'],
    accepted: [candidateId],
    score: 0.7,
    best: 0.7,
    change: null,
    worstPatch: null,
    ms,
  },
] as const;

describe('appendEvents', () => {
  const all = events(
    ['job.queued', { reason: 'created' }],
    ['job.started', { worker: 'w', fromIteration: 0 }],
    [...started],
  );

  it('drops what is known already, and keeps the list itself where nothing is new', () => {
    expect(appendEvents(all.slice(0, 2), all).added.map((event) => event.seq)).toEqual([3]);
    expect(appendEvents(all, all.slice(1)).events).toBe(all);
  });
});

describe('pendingOf', () => {
  it('follows the stages of each candidate', () => {
    const stage = (candidate: number, name: string) =>
      ['candidate.stage', { iteration: 0, candidate, stage: name }] as const;
    const list = events(
      [...started],
      [...stage(0, 'model')],
      [...stage(0, 'render')],
      [...finishedCandidate(0)],
      [...stage(1, 'reward')],
    );
    expect(pendingWords(pendingOf(list.slice(0, 1))[0]!)).toBe('starting 0/2');
    expect(pendingWords(pendingOf(list.slice(0, 3))[0]!)).toBe('drawing 0/2');
    expect(pendingWords(pendingOf(list)[0]!)).toBe('scoring 1/2');
  });

  it('is nothing once the iteration or the job has ended', () => {
    expect(pendingOf(events([...started], [...finished]))).toEqual([]);
    const ended = { status: 'canceled', outcome: null, stopReason: 'user', detail: '', best: null };
    expect(pendingOf(events([...started], ['job.finished', ended]))).toEqual([]);
  });

  it('follows the iterations of a round that run at the same time', () => {
    const second = ['iteration.started', { iteration: 1, kind: 'refine', candidates: 1 }] as const;
    const list = events(
      [...started],
      [...second],
      ['candidate.stage', { iteration: 1, candidate: 0, stage: 'render' }],
      [...finishedCandidate(0)],
      [...finished],
    );
    expect(pendingOf(list.slice(0, 4)).map((frame) => [frame.index, pendingWords(frame)])).toEqual([
      [0, 'starting 1/2'],
      [1, 'drawing'],
    ]);
    expect(pendingOf(list).map(({ index }) => index)).toEqual([1]);
  });

  it('says that the model call waits, until the next stage', () => {
    const retried = ['call.retried', { iteration: 0, candidate: 0, reason: '429', waitMs: 10 }] as const;
    const list = events(
      [...started],
      [...retried],
      ['candidate.stage', { iteration: 0, candidate: 0, stage: 'render' }],
    );
    expect(pendingWords(pendingOf(list.slice(0, 2))[0]!)).toBe('waiting for the model');
    expect(pendingOf(list)[0]!.waiting).toBeNull();
  });
});

describe('patchJob', () => {
  const job = { status: 'queued', scores: [], startedAt: null, outcome: null } as unknown as Job;

  it('follows the status, also of a job that is retried after its end', () => {
    const end = { status: 'failed', outcome: 'nothing_rendered', stopReason: 'error', detail: 'x', best: null };
    const list = events(
      ['job.started', { worker: 'w', fromIteration: 0 }],
      ['job.finished', end],
      ['job.queued', { reason: 'retried' }],
    );
    const states = list.map((_, index) => list.slice(0, index + 1).reduce(patchJob, job));
    expect(states.map((state) => [state.status, state.outcome])).toEqual([
      ['running', null],
      ['failed', 'nothing_rendered'],
      ['queued', null],
    ]);
  });

  it('follows an episode between its worker and its caller', () => {
    const list = events(['job.started', { worker: 'w', fromIteration: 0 }], ['job.waiting', { iteration: 0 }]);
    expect(list.reduce(patchJob, job).status).toBe('waiting');
  });

  it('sets the score of an iteration, and null before it where none came', () => {
    const second = { ...finished[1], iteration: 1 };
    expect(patchJob(job, events(['iteration.finished', second])[0]!).scores).toEqual([null, 0.7]);
  });
});

import { describe, expect, it } from 'vitest';
import { policySchema, type Candidate, type Iteration, type Job, type Patch } from '@pentimento/contracts';
import {
  baseOf,
  cropAround,
  jobResult,
  nextFailure,
  parentsOf,
  readOfBest,
  regionsOf,
  selectedStep,
  stepsOf,
  verdictOf,
} from './model.ts';

interface Shape {
  overall?: number;
  failed?: 'syntax';
  parent?: string;
  reward?: object;
}

function candidate(iteration: number, shape: Shape): Candidate {
  const terms = { overall: shape.overall ?? 0, worstTile: 0.3 };
  return {
    id: `c${iteration}`,
    iteration,
    index: 0,
    parents: shape.parent ? [shape.parent] : [],
    call: { ms: 100 },
    render: shape.failed ? { status: 'failed', kind: shape.failed, ms: 10 } : { status: 'ok', ms: 10 },
    reward: { terms, tiles: [], map: null, ms: 1, ...shape.reward },
  } as unknown as Candidate;
}

let best: Iteration['best'] = null;
function trajectory(...shapes: (Shape & Partial<Iteration>)[]): Iteration[] {
  best = null;
  return shapes.map((shape, index) => {
    const item = candidate(index, shape);
    const gain = !shape.failed && (best === null || shape.overall! > best.overall);
    if (gain) best = { candidate: item.id, iteration: index, overall: shape.overall! };
    return {
      index,
      candidates: [item],
      verdicts: [shape.failed ? 'no_render' : gain ? 'accepted' : 'no_gain'],
      accepted: gain ? [item.id] : [],
      parents: shape.parent ? [shape.parent] : [],
      patches: shape.patches ?? [],
      improvedRegions: shape.improvedRegions ?? [],
      regressedRegions: shape.regressedRegions ?? [],
      best,
    } as unknown as Iteration;
  });
}

const box = { x: 10, y: 20, width: 30, height: 40 };
const patch: Patch = { rank: 1, box, score: 0.5, lostShare: 0.4, change: null };

describe('stepsOf', () => {
  const steps = stepsOf(trajectory({ failed: 'syntax' }, { overall: 0.6 }, { overall: 0.55 }, { overall: 0.7 }));

  it('counts a change against the best before, and none where nothing had rendered', () => {
    expect(steps.map((step) => step.change && Number(step.change.toFixed(3)))).toEqual([null, null, -0.05, 0.1]);
  });

  it('keeps the best and marks what failed', () => {
    expect(steps.map((step) => [step.best, step.accepted, step.failure])).toEqual([
      [null, false, 'syntax'],
      [0.6, true, null],
      [0.6, false, null],
      [0.7, true, null],
    ]);
  });

  it('adds up the times of the stages', () => {
    expect(steps[1]!.times).toEqual({ model: 100, render: 10, reward: 1 });
  });
});

describe('selectedStep', () => {
  const steps = stepsOf(trajectory({ overall: 0.6 }, { overall: 0.7 }, { overall: 0.65 }));
  const job = { best: { iteration: 1 } } as Job;

  it('follows a live job, and opens an ended one at its best', () => {
    expect(selectedStep(steps, null, job, true)?.index).toBe(2);
    expect(selectedStep(steps, null, job, false)?.index).toBe(1);
  });

  it('keeps to what was chosen, and to the newest where that does not exist', () => {
    expect(selectedStep(steps, 0, job, true)?.index).toBe(0);
    expect(selectedStep(steps, 9, job, false)?.index).toBe(2);
    expect(selectedStep([], 0, job, false)).toBeNull();
  });
});

describe('parentsOf', () => {
  const steps = stepsOf(trajectory({ overall: 0.6 }, { overall: 0.7, parent: 'c0' }));

  it('says where the parents are, in the order in which the prompt showed them', () => {
    const found = parentsOf(steps, { parents: ['c1', 'c0'] });
    expect(found.map(({ iteration, index }) => [iteration, index])).toEqual([
      [1, 0],
      [0, 0],
    ]);
  });

  it('leaves out parents that are not known, and is empty for a draft', () => {
    expect(parentsOf(steps, { parents: ['elsewhere'] })).toEqual([]);
    expect(parentsOf(steps, { parents: [] })).toEqual([]);
  });
});

it('finds the next failure, and goes round', () => {
  const steps = stepsOf(trajectory({ failed: 'syntax' }, { overall: 0.5 }, { failed: 'syntax' }));
  expect([nextFailure(steps, 0), nextFailure(steps, 2)]).toEqual([2, 0]);
  expect(nextFailure(stepsOf(trajectory({ overall: 0.5 })), 0)).toBeNull();
});

describe('regionsOf', () => {
  it('takes the worst regions from the prompt that was made of this candidate', () => {
    const iterations = trajectory(
      { overall: 0.5 },
      { overall: 0.6, parent: 'c0', patches: [{ ...patch, change: 0.1 }] },
    );
    expect(regionsOf(iterations, iterations[0]!.candidates[0]!).worst).toEqual([
      { box, score: 0.5, before: 0.4, lostShare: 0.4 },
    ]);
  });

  it('says what came of the patches that the prompt named', () => {
    const iterations = trajectory(
      { overall: 0.5 },
      { overall: 0.6, patches: [patch], improvedRegions: [{ box, before: 0.5, after: 0.8 }] },
    );
    expect(regionsOf(iterations, iterations[1]!.candidates[0]!).asked).toEqual([
      { box, score: 0.8, before: 0.5, lostShare: 0.4 },
    ]);
  });

  it('falls back to the lowest tiles of an image of many', () => {
    const tiles = Array.from({ length: 16 }, (_, index) => ({
      index,
      level: 'tile',
      score: [0.9, 0.2, 0.6][index] ?? 0.95,
      box: { ...box, x: index },
    }));
    const iterations = trajectory({ overall: 0.5, reward: { tiles } });
    const scores = regionsOf(iterations, iterations[0]!.candidates[0]!).worst.map((region) => region.score);
    expect(scores).toEqual([0.2, 0.6, 0.9, 0.95]);
  });

  it('finds regions in the score map of an image of one tile', () => {
    const scores = Array.from({ length: 64 }, (_, index) => (index % 8 >= 4 && index < 32 ? 0.1 : 0.9));
    const tiles = [{ index: 0, level: 'thumbnail', score: 0.7, box: { x: 0, y: 0, width: 48, height: 48 } }];
    const iterations = trajectory({ overall: 0.5, reward: { tiles, map: { columns: 8, rows: 8, scores } } });
    const [worst] = regionsOf(iterations, iterations[0]!.candidates[0]!).worst;
    expect(worst!.box).toEqual({ x: 24, y: 0, width: 24, height: 24 });
    expect(worst!.score).toBeCloseTo(0.1);
  });

  it('lays the score map over the whole image, not over its first tile', () => {
    const scores = Array.from({ length: 64 }, (_, index) => (index % 8 >= 4 && index < 32 ? 0.1 : 0.9));
    const tile = { level: 'tile', score: 0.7 };
    const tiles = [
      { ...tile, index: 0, box: { x: 0, y: 0, width: 40, height: 80 } },
      { ...tile, index: 1, box: { x: 40, y: 0, width: 40, height: 80 } },
      { ...tile, index: 2, level: 'thumbnail', box: { x: 0, y: 0, width: 80, height: 80 } },
    ];
    const iterations = trajectory({ overall: 0.5, reward: { tiles, map: { columns: 8, rows: 8, scores } } });
    const [worst] = regionsOf(iterations, iterations[0]!.candidates[0]!).worst;
    expect(worst!.box).toEqual({ x: 40, y: 0, width: 40, height: 40 });
  });

  it('reads the score map of an image that is a single tile', () => {
    const scores = Array.from({ length: 64 }, (_, index) => (index === 63 ? 0.1 : 0.9));
    const tiles = [{ index: 0, level: 'tile', score: 0.7, box: { x: 0, y: 0, width: 48, height: 48 } }];
    const iterations = trajectory({ overall: 0.5, reward: { tiles, map: { columns: 8, rows: 8, scores } } });
    const [worst] = regionsOf(iterations, iterations[0]!.candidates[0]!).worst;
    expect(worst!.box).toEqual({ x: 24, y: 24, width: 24, height: 24 });
  });
});

it('finds the code that a diff starts from', () => {
  const steps = stepsOf(trajectory({ overall: 0.7 }, { overall: 0.6, parent: 'c0' }, { overall: 0.8, parent: 'c0' }));
  const last = steps[2]!.candidate;
  expect(baseOf(steps, last, 'parent', 'c2')?.id).toBe('c0');
  expect(baseOf(steps, last, 'previous', 'c2')?.id).toBe('c1');
  expect(baseOf(steps, steps[0]!.candidate, 'parent', null)).toBeNull();
});

it('knows what became of a candidate once its iteration is over', () => {
  const iterations = trajectory({ overall: 0.7 });
  expect(verdictOf(iterations, iterations[0]!.candidates[0]!)).toBe('accepted');
  expect(verdictOf(iterations, candidate(1, { overall: 0.9 }))).toBeNull();
});

describe('jobResult', () => {
  const job = {
    kind: 'refinement',
    status: 'running',
    stopReason: null,
    error: null,
    outcome: null,
    best: null,
    stopDetail: null,
  } as unknown as Job;

  it('is null while the job runs', () => {
    expect(jobResult(job)).toBeNull();
  });

  it('says what was kept, and what to do after a failure', () => {
    const failed = jobResult({
      ...job,
      status: 'failed',
      stopReason: 'error',
      error: { code: 'x', message: 'The model is gone.' },
    });
    expect(failed).toEqual({
      title: 'Failed',
      detail: 'The model is gone.',
      advice: 'Retry continues after the last finished iteration.',
    });
  });

  it('offers no retry of an episode', () => {
    const ended = { kind: 'environment', status: 'canceled', stopReason: 'user' } as const;
    expect(jobResult({ ...job, ...ended, stopDetail: 'No step came.' })!.advice).toBeNull();
  });

  it('says what the threshold read, where that is not the overall score that is shown', () => {
    const policy = policySchema.parse({ profile: 'shiftTolerant', threshold: 0.99, minimums: { worstTile: 0.95 } });
    const ended = { ...job, policy, status: 'succeeded', stopReason: 'plateau', outcome: 'best_effort' } as Job;
    const kept = { ...ended, best: { candidate: 'c0', iteration: 0 } } as Job;
    const reward = { terms: { overall: 0.996, worstTile: 0.9, shiftTolerant: 0.948 } };
    const read = readOfBest(kept, stepsOf(trajectory({ overall: 0.996, reward })));
    expect(jobResult(kept, read)!.detail).toBe(
      'The best code, of iteration 0, is kept: its shift tolerant score is 0.948, its worst tile score is 0.900.',
    );
    const overall = { ...kept.policy, profile: 'overall', minimums: {} };
    expect(readOfBest({ ...kept, policy: overall }, stepsOf(trajectory({ overall: 0.996, reward })))).toEqual([]);
  });

  it('does not call a job that missed its threshold a success', () => {
    const ended = jobResult({
      ...job,
      status: 'succeeded',
      stopReason: 'plateau',
      outcome: 'best_effort',
      stopDetail: 'No gain.',
    });
    expect(ended?.title).toBe('Ended below the threshold');
  });
});

describe('cropAround', () => {
  const image = { width: 400, height: 300 };

  it('gives a region of a few pixels some ground, and stays in the image', () => {
    expect(cropAround({ x: 200, y: 100, width: 6, height: 200 }, image)).toEqual({
      x: 155,
      y: 100,
      width: 96,
      height: 200,
    });
    expect(cropAround({ x: 0, y: 295, width: 5, height: 5 }, image)).toEqual({ x: 0, y: 204, width: 96, height: 96 });
  });

  it('keeps a large region, and takes the whole of a small image', () => {
    const large = { x: 10, y: 20, width: 100, height: 120 };
    expect(cropAround(large, image)).toEqual(large);
    expect(cropAround({ x: 3, y: 4, width: 5, height: 6 }, { width: 48, height: 40 })).toEqual({
      x: 0,
      y: 0,
      width: 48,
      height: 40,
    });
  });
});

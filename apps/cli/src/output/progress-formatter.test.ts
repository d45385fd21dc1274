import { describe, expect, it } from 'vitest';
import type { EventData, NewEvent } from '@pentimento/contracts';
import { iterationFinished, jobFinished, numbered } from '../testing/job.ts';
import { formatDuration, iterationLine, ProgressFormatter } from './progress-formatter.ts';

const linesOf = (...events: NewEvent[]) => {
  const formatter = new ProgressFormatter(false);
  return numbered(...events).map((event) => formatter.format(event));
};

describe('the line of an iteration', () => {
  it('shows the score, its change, the stage times and the worst patch', () => {
    expect(linesOf(iterationFinished(1, 0.842311))).toEqual([
      'iteration  1  refine    score 0.8423  change +0.0300  model  210 ms  render   1.2 s  reward      --  ' +
        'worst patch 0.6123 at x 12 y 40, 120 x 88',
    ]);
  });

  it('says why nothing was accepted, and what the best score is', () => {
    const rejected = {
      ...(iterationFinished(2, 0.8).data as EventData<'iteration.finished'>),
      verdicts: ['no_gain' as const],
      accepted: [],
      best: 0.85,
    };
    expect(iterationLine(rejected, null, false)).toContain('(no gain; best stays 0.8500)');
  });

  it('names the failure where nothing rendered', () => {
    const failed: NewEvent[] = [
      {
        type: 'candidate.finished',
        data: {
          iteration: 0,
          candidate: 0,
          id: 'cand_01920000-0000-7000-8000-000000000001',
          parseStatus: 'code',
          overall: 0.1,
          failure: 'timeout',
          ms: { model: 1, render: 2, reward: 3 },
        },
      },
      {
        type: 'iteration.finished',
        data: {
          iteration: 0,
          kind: 'draft',
          verdicts: ['no_render'],
          accepted: [],
          score: null,
          best: null,
          change: null,
          worstPatch: null,
          ms: { model: 1, render: 2, reward: 3 },
        },
      },
    ];
    const [quiet, line] = linesOf(...failed);
    expect(quiet).toBeUndefined();
    expect(line).toContain('(nothing rendered: timeout; best stays   --  )');
    expect(line).not.toContain('worst patch');
  });

  it('is colored only on request', () => {
    const data = iterationFinished(1, 0.8).data as EventData<'iteration.finished'>;
    expect(iterationLine(data, null, true)).toContain('\u001b[32m');
    expect(iterationLine(data, null, false)).not.toContain('\u001b');
  });
});

it('ends a job with the outcome and its reason', () => {
  expect(linesOf(jobFinished)).toEqual(['threshold met: It is good.']);
});

it.each([
  [null, '--'],
  [0.4, '0 ms'],
  [999.4, '999 ms'],
  [999.6, '1.0 s'],
  [61_000, '61.0 s'],
  [150_000, '2.5 min'],
])('writes %s ms as %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

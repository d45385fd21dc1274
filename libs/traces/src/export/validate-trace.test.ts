import { describe, expect, it } from 'vitest';
import { sampleTrace } from '../testing/traces.ts';
import type { Trace } from '../trace.ts';
import { validateTrace } from './validate-trace.ts';

function changed(change: (trace: Trace) => void): Trace {
  const trace = structuredClone(sampleTrace(1));
  change(trace);
  return trace;
}

describe('validateTrace', () => {
  it('accepts a finished trace', () => {
    expect(validateTrace(sampleTrace(1))).toBeUndefined();
  });

  it.each<[string, (trace: Trace) => void, string]>([
    ['an iteration of another job', (trace) => (trace.iterations[1]!.jobId = sampleTrace(2).job.id), 'belongs to'],
    ['a gap in the iterations', (trace) => trace.iterations.shift(), 'numbered 1'],
    ['a missing verdict', (trace) => trace.iterations[0]!.verdicts.pop(), '1 candidates have 0 verdicts'],
    [
      'a parent that is no earlier candidate',
      (trace) => trace.iterations[0]!.candidates[0]!.parents.push(trace.iterations[1]!.candidates[0]!.id),
      'is not an earlier candidate',
    ],
    [
      'a group scored by two reward versions',
      (trace) => {
        const { candidates, verdicts } = trace.iterations[1]!;
        const twin = structuredClone(candidates[0]!);
        twin.reward.version = '2';
        candidates.push(twin);
        verdicts.push('not_best');
      },
      'different reward versions',
    ],
    [
      'a group that answered two prompts',
      (trace) => (trace.iterations[1]!.candidates[1]!.call!.prompt = trace.job.target.image),
      'different prompts',
    ],
    [
      'a group that was sampled in two ways',
      (trace) => (trace.iterations[1]!.candidates[1]!.call!.sampling.temperature = 0),
      'different ways',
    ],
  ])('finds %s', (_, change, detail) => {
    const trace = changed(change);
    expect(validateTrace(trace)).toMatchObject({ job: trace.job.id, reason: 'inconsistent' });
    expect(validateTrace(trace)!.detail).toContain(detail);
  });

  it('names the job of a malformed trace where it can', () => {
    expect(validateTrace({ job: { id: 'job_7' } })).toMatchObject({ job: 'job_7', reason: 'malformed' });
    expect(validateTrace(null)).toMatchObject({ job: 'unknown', reason: 'malformed' });
  });
});

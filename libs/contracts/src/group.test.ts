import { expect, it } from 'vitest';
import type { Candidate } from './candidate.ts';
import { groupStatistics } from './group.ts';
import { policySchema } from './policy.ts';

const candidate = (overall: number, status: 'ok' | 'failed' = 'ok'): Candidate =>
  ({ render: { status }, reward: { terms: { overall } } }) as Candidate;

const policy = policySchema.parse({ threshold: 0.95 });

it('describes the scores of a group', () => {
  const statistics = groupStatistics([candidate(0.5), candidate(0.7), candidate(0.9)], policy);
  expect(statistics).toMatchObject({ size: 3, min: 0.5, max: 0.9, allFailed: false, allAboveThreshold: false });
  expect(statistics.mean).toBeCloseTo(0.7, 12);
  expect(statistics.std).toBeCloseTo(0.2, 12);
  expect(statistics.range).toBeCloseTo(0.4, 12);
});

it('tells a dead group from one that needs no training', () => {
  expect(groupStatistics([candidate(0.1, 'failed'), candidate(0, 'failed')], policy)).toMatchObject({
    allFailed: true,
  });
  expect(groupStatistics([candidate(0.95), candidate(0.99)], policy)).toMatchObject({ allAboveThreshold: true });
});

it('has no spread where there is one candidate', () => {
  expect(groupStatistics([candidate(0.4)], policy)).toMatchObject({ size: 1, mean: 0.4, std: 0, range: 0 });
});

import { expect, it } from 'vitest';
import { rewardVersionId } from '@pentimento/contracts';
import { turnsOf } from '../derive/turns.ts';
import { sampleTrace } from '../testing/traces.ts';
import type { Trace } from '../trace.ts';
import { withRewardsOf } from './reward-version.ts';

/** A sample whose candidates are scored again, 0.1 lower. */
function rescoredTrace(): { trace: Trace; version: string } {
  const trace = sampleTrace(1);
  trace.rescores = turnsOf(trace).map(({ candidate, score }) => ({
    candidate: candidate.id,
    reward: { ...candidate.reward, version: '2', terms: { ...candidate.reward.terms, overall: score - 0.1 } },
    at: trace.job.createdAt,
  }));
  return { trace, version: rewardVersionId(trace.rescores[0]!.reward) };
}

it('takes the scores of the version that is asked for, and the original ones where none is', () => {
  const { trace, version } = rescoredTrace();
  const scores = (found: ReturnType<typeof withRewardsOf>) =>
    turnsOf(found as Trace).map(({ score }) => Number(score.toFixed(6)));
  expect(scores(withRewardsOf(trace, undefined))).toEqual([0.8, 0.96, 0.7]);
  expect(scores(withRewardsOf(trace, version))).toEqual([0.7, 0.86, 0.6]);
  expect(scores(withRewardsOf(trace, rewardVersionId(turnsOf(trace)[0]!.candidate.reward)))).toEqual([0.8, 0.96, 0.7]);
});

it('drops a trace of which a candidate lacks the version', () => {
  const { trace, version } = rescoredTrace();
  trace.rescores.pop();
  expect(withRewardsOf(trace, version)).toMatchObject({ job: trace.job.id, reason: 'no_reward' });
});

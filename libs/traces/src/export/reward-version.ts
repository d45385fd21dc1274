import { rewardVersionId, type Candidate, type RewardRecord } from '@pentimento/contracts';
import type { Trace } from '../trace.ts';
import type { Drop } from './drops.ts';

/**
 * The trace with the scores of a version; as it is where none is asked for. A trace that lacks one is a drop, because scores of two versions
 * cannot be compared. Verdicts and the best stay what the loop decided.
 */
export function withRewardsOf(trace: Trace, version: string | undefined): Trace | Drop {
  if (version === undefined) return trace;
  const rewards = rewardsOf(trace, version);
  const candidates = trace.iterations.flatMap((iteration) => iteration.candidates);
  const lacking = candidates.find(({ id }) => !rewards.has(id));
  if (lacking) {
    const detail = `The candidate ${lacking.id} has no score of the version "${version}": rescore the job.`;
    return { job: trace.job.id, reason: 'no_reward', detail };
  }
  const rescored = (candidate: Candidate): Candidate => ({ ...candidate, reward: rewards.get(candidate.id)! });
  return {
    ...trace,
    iterations: trace.iterations.map((iteration) => ({ ...iteration, candidates: iteration.candidates.map(rescored) })),
  };
}

/** The rewards of a version by candidate. */
function rewardsOf({ iterations, rescores }: Trace, version: string): Map<string, RewardRecord> {
  const own = iterations.flatMap(({ candidates }) => candidates.map(({ id, reward }) => ({ candidate: id, reward })));
  const all = [...own, ...rescores].filter(({ reward }) => rewardVersionId(reward) === version);
  return new Map(all.map(({ candidate, reward }) => [candidate, reward]));
}

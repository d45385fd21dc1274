import { isRewardOutage, RewardBusyError, RewardVersionError } from '@pentimento/reward';
import { ProblemException } from '../http/problem.exception.ts';

/** What a client is told where a reward cannot be had; any other error as it is. */
export function rewardProblem(error: unknown): unknown {
  if (error instanceof RewardVersionError) return new ProblemException('conflict', error.message);
  if (error instanceof RewardBusyError) {
    return new ProblemException('busy', error.message, { retryAfterSeconds: error.retryAfterSeconds });
  }
  if (error instanceof Error && isRewardOutage(error)) {
    return new ProblemException('unavailable', error.message, { cause: error });
  }
  return error;
}

/** Throws an error of the reward service as the problem that a client receives. */
export function throwRewardProblem(error: unknown): never {
  throw rewardProblem(error);
}

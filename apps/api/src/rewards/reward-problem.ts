import { EncoderError } from '@pentimento/encoder';
import { RewardBusyError, RewardVersionError } from '@pentimento/reward';
import { ProblemException } from '../http/problem.exception.ts';
import { RewardOutageError } from './remote-reward.ts';

/** Throws an error of the reward service as the problem that a client receives. */
export function throwRewardProblem(error: unknown): never {
  if (error instanceof RewardVersionError) throw new ProblemException('conflict', error.message);
  if (error instanceof RewardBusyError) {
    throw new ProblemException('busy', error.message, { retryAfterSeconds: error.retryAfterSeconds });
  }
  if (error instanceof EncoderError || error instanceof RewardOutageError) {
    throw new ProblemException('unavailable', error.message, { cause: error });
  }
  throw error;
}

import { EncoderError } from '@pentimento/encoder';

/** More scores are waiting than the queue holds. */
export class RewardBusyError extends Error {
  override readonly name = 'RewardBusyError';
  /** Seconds, at least 1, after which to try again. */
  readonly retryAfter: number;

  constructor(message: string, retryAfter: number) {
    super(message);
    this.retryAfter = retryAfter;
  }
}

export function closedError(): EncoderError {
  return new EncoderError('The reward is closed: create a new one.');
}

import { EncoderError } from '@pentimento/encoder';

/** More scores or items are waiting than the queue holds. */
export class RewardBusyError extends Error {
  override readonly name = 'RewardBusyError';
  /** At least 1: when to try again. */
  readonly retryAfterSeconds: number;

  constructor(message: string, retryAfterSeconds: number) {
    super(message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** A batch asks for scores of another version than this service gives. */
export class RewardVersionError extends Error {
  override readonly name = 'RewardVersionError';
}

export function closedError(): EncoderError {
  return new EncoderError('The reward is closed: create a new one.');
}

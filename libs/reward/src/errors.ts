import { EncoderError } from '@pentimento/encoder';
import { InvalidImageError } from '@pentimento/imaging';

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

/** The reward service of another machine cannot score. The message is one sentence with the remedy. */
export class RewardOutageError extends Error {
  override readonly name = 'RewardOutageError';
}

/** A render cannot be scored although its target can: the message is a plain sentence. */
export class InvalidRenderError extends InvalidImageError {
  override readonly name = 'InvalidRenderError';
}

/** Whether nothing can be scored now, whatever the images. */
export function isRewardOutage(error: unknown): boolean {
  return error instanceof EncoderError || error instanceof RewardBusyError || error instanceof RewardOutageError;
}

/** A batch asks for scores of another version than this service gives. */
export class RewardVersionError extends Error {
  override readonly name = 'RewardVersionError';
}

export function closedError(): EncoderError {
  return new EncoderError('The reward is closed: create a new one.');
}

/** The encoder cannot be used: its manifest, its file, or the inference library. The message holds the remedy. */
export class EncoderError extends Error {
  override readonly name = 'EncoderError';
}

/** More scores are waiting than the queue holds. */
export class RewardBusyError extends Error {
  override readonly name = 'RewardBusyError';
  /** Seconds, at least 1, after which a place should be free. */
  readonly retryAfter: number;

  constructor(message: string, retryAfter: number) {
    super(message);
    this.retryAfter = retryAfter;
  }
}

export function closedError(): EncoderError {
  return new EncoderError('The reward is closed: make a new one.');
}

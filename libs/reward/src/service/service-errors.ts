/** More items wait than there are places for. */
export class RewardServiceBusyError extends Error {
  override readonly name = 'RewardServiceBusyError';
  /** When it is worth asking again. */
  readonly retryAfterSeconds: number;

  constructor(message: string, retryAfterSeconds: number) {
    super(message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Scores of the version asked for are not made here. */
export class RewardVersionError extends Error {
  override readonly name = 'RewardVersionError';
}

/** Lends a fixed number of slots, first come, first served. The slot used last, which is warm, is lent first. */
export class Slots<T> {
  readonly #free: T[];
  readonly #waiting: ((slot: T) => void)[] = [];

  constructor(slots: readonly T[]) {
    this.#free = [...slots];
  }

  /** Runs `work` with a slot of its own. Rejects with the signal's reason where it aborts while waiting. */
  async use<R>(signal: AbortSignal, work: (slot: T) => Promise<R>): Promise<R> {
    const slot = await this.#take(signal);
    try {
      return await work(slot);
    } finally {
      this.#give(slot);
    }
  }

  #take(signal: AbortSignal): Promise<T> {
    if (signal.aborted) return Promise.reject(signal.reason);
    const slot = this.#free.shift();
    if (slot !== undefined) return Promise.resolve(slot);
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(served), 1);
        reject(signal.reason as Error);
      };
      const served = (given: T): void => {
        signal.removeEventListener('abort', onAbort);
        resolve(given);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(served);
    });
  }

  #give(slot: T): void {
    const next = this.#waiting.shift();
    if (next) next(slot);
    else this.#free.unshift(slot);
  }
}

/**
 * Lends each of a fixed number of resources to one caller at a time, first come, first served. The one used last, which is warm, is
 * lent first.
 */
export class ResourcePool<T> {
  readonly #free: T[];
  readonly #waiting: ((resource: T) => void)[] = [];

  constructor(resources: readonly T[]) {
    this.#free = [...resources];
  }

  /** Runs `work` with a resource of its own. Rejects with the signal's reason where it aborts while waiting for one. */
  async use<R>(signal: AbortSignal, work: (resource: T) => Promise<R>): Promise<R> {
    const resource = await this.#take(signal);
    try {
      return await work(resource);
    } finally {
      this.#give(resource);
    }
  }

  #take(signal: AbortSignal): Promise<T> {
    if (signal.aborted) return Promise.reject(signal.reason);
    const resource = this.#free.shift();
    if (resource !== undefined) return Promise.resolve(resource);
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(onTurn), 1);
        reject(signal.reason as Error);
      };
      const onTurn = (slot: T): void => {
        signal.removeEventListener('abort', onAbort);
        resolve(slot);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(onTurn);
    });
  }

  #give(resource: T): void {
    const next = this.#waiting.shift();
    if (next) next(resource);
    else this.#free.unshift(resource);
  }
}

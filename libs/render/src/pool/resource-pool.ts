import { RoundRobin } from '@pentimento/fair-queue';

/**
 * Lends each of a fixed number of resources to one caller at a time. Callers that wait take turns by key. The resource used last, which
 * is warm, is lent first.
 */
export class ResourcePool<T> {
  readonly #free: T[];
  readonly #waiting = new RoundRobin<(resource: T) => void>();

  constructor(resources: readonly T[]) {
    this.#free = [...resources];
  }

  /** Runs `work` with a resource of its own. Rejects with the signal's reason where it aborts while waiting for one. */
  async use<R>(key: string, signal: AbortSignal, work: (resource: T) => Promise<R>): Promise<R> {
    const resource = await this.#take(key, signal);
    try {
      return await work(resource);
    } finally {
      this.#give(resource);
    }
  }

  #take(key: string, signal: AbortSignal): Promise<T> {
    if (signal.aborted) return Promise.reject(signal.reason);
    const resource = this.#free.shift();
    if (resource !== undefined) return Promise.resolve(resource);
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting.remove(onTurn);
        reject(signal.reason as Error);
      };
      const onTurn = (slot: T): void => {
        signal.removeEventListener('abort', onAbort);
        resolve(slot);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(key, onTurn);
    });
  }

  #give(resource: T): void {
    const next = this.#waiting.shift();
    if (next) next(resource);
    else this.#free.unshift(resource);
  }
}

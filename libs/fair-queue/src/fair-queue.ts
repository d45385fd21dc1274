import { RoundRobin } from './round-robin.ts';

/** Weight of the newest run in the moving average of their duration. */
const newestWeight = 0.2;

export interface FairQueueLimits {
  /** Work that runs at the same time. */
  slots: number;
  /** Work that may wait. */
  maxWaiting: number;
}

/**
 * Runs work in a fixed number of slots. The rest waits in lines by key that take turns, so that a caller's batch of hundreds does not
 * delay another caller's single item.
 */
export class FairQueue {
  readonly #limits: FairQueueLimits;
  readonly #now: () => number;
  readonly #waiting = new RoundRobin<() => void>();
  #running = 0;
  #meanMs = 0;

  constructor(limits: FairQueueLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  get hasFreeSlot(): boolean {
    return this.#running < this.#limits.slots;
  }

  /** Whether `count` more may wait. */
  hasRoomFor(count: number): boolean {
    return this.#waiting.size + count <= this.#limits.maxWaiting;
  }

  /** At least 1: when the work that waits now should have run, by the recent duration of a run. */
  get retryAfterSeconds(): number {
    return Math.max(1, Math.ceil((this.#waiting.size * this.#meanMs) / this.#limits.slots / 1000));
  }

  /** Runs `work` when its key's turn comes. Rejects as it does, and with the signal's reason where that aborts before. */
  async run<Result>(key: string, signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    signal.throwIfAborted();
    if (this.hasFreeSlot) this.#running++;
    else await this.#turn(key, signal);
    const started = this.#now();
    try {
      return await work();
    } finally {
      this.#leave(this.#now() - started);
    }
  }

  /** The slot passes directly to the next in line. */
  #leave(ms: number): void {
    this.#meanMs = this.#meanMs === 0 ? ms : this.#meanMs + newestWeight * (ms - this.#meanMs);
    const startNext = this.#waiting.shift();
    if (startNext) startNext();
    else this.#running--;
  }

  #turn(key: string, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const start = () => {
      signal.removeEventListener('abort', abort);
      resolve();
    };
    const abort = () => {
      this.#waiting.remove(start);
      reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    this.#waiting.push(key, start);
    return promise;
  }
}

import { RoundRobin } from './round-robin.ts';

/** Weight of the newest run in the moving average of their duration. */
const newestWeight = 0.2;

export interface FairQueueLimits {
  /** Work that runs at the same time. */
  slots: number;
  /** More of it, each of a key that has nothing running: a caller's only item waits behind no other caller's batch. Default: 0. */
  extraSlots?: number;
  /** Work that may wait. */
  maxWaiting: number;
}

interface Waiting {
  key: string;
  start: () => void;
}

/**
 * Runs work in a fixed number of slots. The rest waits in lines by key that take turns, so that a caller's batch of hundreds does not
 * delay another caller's single item.
 */
export class FairQueue {
  readonly #limits: FairQueueLimits;
  readonly #now: () => number;
  readonly #waiting = new RoundRobin<Waiting>();
  /** How much of each key runs. */
  readonly #running = new Map<string, number>();
  #meanMs = 0;

  constructor(limits: FairQueueLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Whether work under the key would start at once. */
  hasFreeSlot(key: string): boolean {
    const { slots, extraSlots = 0 } = this.#limits;
    const running = [...this.#running.values()].reduce((sum, count) => sum + count, 0);
    const own = this.#running.get(key) ?? 0;
    if (own === 0) return running < slots + extraSlots;
    return running < slots && own < this.#shareOf(key);
  }

  /** The slots that a key may fill while others are there: what a batch leaves free, the machine has for them. */
  #shareOf(key: string): number {
    const keys = new Set([...this.#running.keys(), ...this.#waiting.keys, key]);
    return Math.ceil(this.#limits.slots / keys.size);
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
    if (this.hasFreeSlot(key)) this.#enter(key);
    else await this.#turn(key, signal);
    const started = this.#now();
    try {
      return await work();
    } finally {
      this.#leave(key, this.#now() - started);
    }
  }

  #enter(key: string): void {
    this.#running.set(key, (this.#running.get(key) ?? 0) + 1);
  }

  /** Free slots pass directly to the next in line. */
  #leave(key: string, ms: number): void {
    this.#meanMs = this.#meanMs === 0 ? ms : this.#meanMs + newestWeight * (ms - this.#meanMs);
    const left = this.#running.get(key)! - 1;
    if (left > 0) this.#running.set(key, left);
    else this.#running.delete(key);
    for (let next = this.#next(); next; next = this.#next()) next.start();
  }

  #next(): Waiting | undefined {
    return this.#waiting.shift((waiting) => this.hasFreeSlot(waiting.key));
  }

  #turn(key: string, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting: Waiting = {
      key,
      start: () => {
        signal.removeEventListener('abort', abort);
        this.#enter(key);
        resolve();
      },
    };
    const abort = () => {
      this.#waiting.remove(waiting);
      reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    this.#waiting.push(key, waiting);
    return promise;
  }
}

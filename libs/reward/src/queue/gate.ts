import { RoundRobin } from '@pentimento/encoder';
import { RewardBusyError } from '../errors.ts';

/** Weight of the last visit in the mean time of one. */
const freshness = 0.2;

export interface GateLimits {
  /** Callers inside at once. */
  slots: number;
  /** Callers that may wait. */
  places: number;
}

/** Lets so many callers in at once and keeps a bounded number of others waiting, whose jobs take turns. */
export class Gate {
  readonly #waiting = new RoundRobin<() => void>();
  readonly #limits: GateLimits;
  readonly #now: () => number;
  #inside = 0;
  #meanMs = 0;

  constructor(limits: GateLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  /**
   * Waits for one's turn and resolves to what ends it. Rejects with the signal's reason when it aborts first, and with
   * `RewardBusyError` where too many wait.
   */
  async enter(job: string, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#inside < this.#limits.slots) this.#inside++;
    else await this.#wait(job, signal);
    const started = this.#now();
    return () => this.#leave(this.#now() - started);
  }

  /** The slot passes straight to the next in line, so that nobody comes between. */
  #leave(ms: number): void {
    this.#meanMs = this.#meanMs === 0 ? ms : this.#meanMs + freshness * (ms - this.#meanMs);
    const next = this.#waiting.shift();
    if (next) next();
    else this.#inside--;
  }

  #wait(job: string, signal: AbortSignal): Promise<void> {
    if (this.#waiting.size >= this.#limits.places) throw this.#busy();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const comeUp = () => {
      signal.removeEventListener('abort', giveUp);
      resolve();
    };
    const giveUp = () => {
      this.#waiting.remove(comeUp);
      reject(signal.reason);
    };
    signal.addEventListener('abort', giveUp, { once: true });
    this.#waiting.push(job, comeUp);
    return promise;
  }

  /** By when a place is free again: those inside and waiting, at the mean time of late. */
  #busy(): RewardBusyError {
    const { places, slots } = this.#limits;
    const seconds = Math.max(1, Math.ceil((this.#waiting.size * this.#meanMs) / slots / 1000));
    return new RewardBusyError(`${places} scores are waiting already: ask again in ${seconds} s.`, seconds);
  }
}

import { RewardServiceBusyError } from './service-errors.ts';

interface Waiting {
  start(): void;
}

const longestHintSeconds = 60;
/** Weight of the newest turn in the running mean of how long a turn takes. */
const newestWeight = 0.1;

/** Lets a few through at a time. The lanes take turns, so that one caller's batch of hundreds does not hold up another's single one. */
export class FairQueue {
  readonly #lanes = new Map<string, Waiting[]>();
  readonly #atOnce: number;
  readonly #places: number;
  #running = 0;
  #waiting = 0;
  #turnMs = 100;

  constructor(limits: { atOnce: number; places: number }) {
    this.#atOnce = limits.atOnce;
    this.#places = limits.places;
  }

  /** Throws `RewardServiceBusyError` where so many more would not find a place. */
  admit(count: number): void {
    if (this.#waiting + count <= this.#places) return;
    const seconds = Math.ceil((this.#waiting * this.#turnMs) / this.#atOnce / 1000);
    throw new RewardServiceBusyError(
      `${this.#waiting} items wait already and ${this.#places} may: send these ${count} again later.`,
      Math.min(longestHintSeconds, Math.max(1, seconds)),
    );
  }

  /** Runs `work` when the lane's turn comes. Rejects with the signal's reason where it aborts before. */
  async run<T>(lane: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await this.#turn(lane, signal);
    const began = performance.now();
    try {
      return await work();
    } finally {
      this.#turnMs += newestWeight * (performance.now() - began - this.#turnMs);
      this.#running--;
      this.#startNext();
    }
  }

  #turn(lane: string, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const giveUp = () => {
      this.#leave(lane, waiting);
      reject(signal.reason as Error);
    };
    const waiting: Waiting = {
      start: () => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      },
    };
    signal.addEventListener('abort', giveUp, { once: true });
    const line = this.#lanes.get(lane);
    if (line) line.push(waiting);
    else this.#lanes.set(lane, [waiting]);
    this.#waiting++;
    this.#startNext();
    return promise;
  }

  #startNext(): void {
    while (this.#running < this.#atOnce) {
      const next = this.#takeNext();
      if (!next) return;
      this.#running++;
      next.start();
    }
  }

  /** The first of the lane whose turn it is; the lane then stands behind the others. */
  #takeNext(): Waiting | undefined {
    const [first] = this.#lanes;
    if (!first) return undefined;
    const [lane, line] = first;
    const next = line.shift();
    this.#lanes.delete(lane);
    if (line.length > 0) this.#lanes.set(lane, line);
    this.#waiting--;
    return next;
  }

  #leave(lane: string, waiting: Waiting): void {
    const line = this.#lanes.get(lane)!;
    line.splice(line.indexOf(waiting), 1);
    if (line.length === 0) this.#lanes.delete(lane);
    this.#waiting--;
  }
}

import { RewardBusyError } from './errors.ts';

/** Lets one caller through at a time, first come first served, and keeps a bounded line of others waiting. */
export class Gate {
  readonly #line: (() => void)[] = [];
  readonly #places: number;
  #taken = false;

  constructor(places: number) {
    this.#places = places;
  }

  /**
   * Waits for one's turn and resolves to what ends it. Rejects with the signal's reason when it aborts first, and with
   * `RewardBusyError` where the line is full.
   */
  async enter(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#taken) await this.#wait(signal);
    this.#taken = true;
    return () => this.#leave();
  }

  /** The turn passes straight to the next in line: `#taken` stays true, so that nobody comes between. */
  #leave(): void {
    const next = this.#line.shift();
    if (next) next();
    else this.#taken = false;
  }

  #wait(signal: AbortSignal): Promise<void> {
    if (this.#line.length >= this.#places) {
      throw new RewardBusyError(`${this.#places} scores are waiting already: ask for fewer at once.`);
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const comeUp = () => {
      signal.removeEventListener('abort', giveUp);
      resolve();
    };
    const giveUp = () => {
      this.#line.splice(this.#line.indexOf(comeUp), 1);
      reject(signal.reason);
    };
    signal.addEventListener('abort', giveUp, { once: true });
    this.#line.push(comeUp);
    return promise;
  }
}

/** Settles as `work` does, or rejects with the signal's reason as soon as it aborts; `work` then goes on unheard. */
export function unlessAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const { promise, resolve, reject } = Promise.withResolvers<Value>();
  const giveUp = () => reject(signal.reason);
  if (signal.aborted) giveUp();
  signal.addEventListener('abort', giveUp, { once: true });
  work.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  return promise;
}

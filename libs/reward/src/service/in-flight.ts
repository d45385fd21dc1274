import { orAborted } from '@pentimento/abort';

interface Work<Result> {
  result: Promise<Result>;
  callers: number;
  abort: AbortController;
}

/** Does equal work once for all who ask while it runs. It is aborted when none of them waits for it any more. */
export class InFlight<Result> {
  readonly #works = new Map<string, Work<Result>>();
  #callers = 0;

  /** Callers that wait for work that another one has started. */
  get joined(): number {
    return this.#callers - this.#works.size;
  }

  /** Rejects as `start` does, and with the signal's reason where that aborts, which does not disturb other callers. */
  async run(key: string, signal: AbortSignal, start: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    signal.throwIfAborted();
    const work = this.#works.get(key) ?? this.#begin(key, start);
    work.callers++;
    this.#callers++;
    try {
      return await orAborted(work.result, signal);
    } finally {
      work.callers--;
      this.#callers--;
      if (work.callers === 0) this.#end(key, work);
    }
  }

  #begin(key: string, start: (signal: AbortSignal) => Promise<Result>): Work<Result> {
    const abort = new AbortController();
    const work = { result: start(abort.signal), callers: 0, abort };
    this.#works.set(key, work);
    return work;
  }

  /** A caller that comes later must not join work that is aborted. */
  #end(key: string, work: Work<Result>): void {
    if (this.#works.get(key) === work) this.#works.delete(key);
    work.abort.abort(new Error('Nobody waits for this any more.'));
  }
}

import { orAborted } from '@pentimento/abort';

interface Running<Value> {
  promise: Promise<Value>;
  stop: AbortController;
  waiting: number;
}

/** Work by key that runs once for all who wait for it, and is aborted when the last of them leaves. */
export class SharedWork<Value> {
  readonly #running = new Map<string, Running<Value>>();

  /** Joins the work under a key or starts it. Rejects with the signal's reason as soon as it aborts. */
  async run(key: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
    signal.throwIfAborted();
    const running = this.#running.get(key) ?? this.#start(key, work);
    running.waiting++;
    try {
      return await orAborted(running.promise, signal);
    } finally {
      running.waiting--;
      if (running.waiting === 0) this.#forget(key, running);
    }
  }

  #start(key: string, work: (signal: AbortSignal) => Promise<Value>): Running<Value> {
    const stop = new AbortController();
    const running = { promise: work(stop.signal), stop, waiting: 0 };
    this.#running.set(key, running);
    running.promise.catch(() => {});
    return running;
  }

  /** The abort has no effect on work that has ended. */
  #forget(key: string, running: Running<Value>): void {
    if (this.#running.get(key) === running) this.#running.delete(key);
    running.stop.abort(new DOMException('Nothing waits for this result.', 'AbortError'));
  }
}

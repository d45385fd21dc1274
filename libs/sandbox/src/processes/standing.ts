import { orAborted, withDeadline } from './deadline.ts';

/** A child process as its keeper sees it. */
export interface Child {
  /** Waits until it can take work. False where it is lost and must be replaced. */
  ready(): Promise<boolean>;
  /** Ends its whole tree at once. */
  kill(): void;
  /** Settles once the whole tree is gone. */
  ended: Promise<unknown>;
}

const startAttempts = 3;

/** A child that takes longer to get ready after its last work is as good as lost. */
const readyMs = 10_000;

/** One child that is started when it is first wanted, kept for the next work, and started anew once it has ended. */
export class Standing<T extends Child> {
  readonly #start: () => Promise<T>;
  #current: Promise<T> | undefined;
  /** With what makes each no longer the current one. */
  readonly #living = new Map<T, () => void>();
  #closed = false;

  constructor(start: () => Promise<T>) {
    this.#start = start;
  }

  /**
   * Gives the child to `work`, and kills it where the work runs past the deadline or the caller gives up. The time that the child
   * takes to start does not count.
   *
   * @throws DeadlineReached after `deadlineMs`; the signal's reason where it aborts; an Error where no child can be started.
   */
  async use<R>(deadlineMs: number, signal: AbortSignal, work: (child: T) => Promise<R>): Promise<R> {
    const child = await orAborted(this.get(), signal);
    return withDeadline(
      deadlineMs,
      signal,
      () => work(child),
      () => this.#discard(child),
    );
  }

  /** A child that can take work. Rejects where none can be started; the next call tries again. */
  async get(): Promise<T> {
    for (let attempt = 1; attempt <= startAttempts; attempt++) {
      const child = await this.#started();
      if (await isReady(child)) return child;
      this.#discard(child);
    }
    throw new Error('The renderer starts but takes no work.');
  }

  /** Ends the child for good and waits until it is gone. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#current?.catch(() => {});
    const living = [...this.#living.keys()];
    for (const child of living) child.kill();
    await Promise.all(living.map((child) => child.ended));
  }

  #started(): Promise<T> {
    if (this.#closed) return Promise.reject(new Error('The renderers are closed.'));
    return (this.#current ??= this.#begin());
  }

  #begin(): Promise<T> {
    const starting = this.#start();
    const forget = (): void => {
      if (this.#current === starting) this.#current = undefined;
    };
    starting.then((child) => this.#watch(child, forget), forget);
    return starting;
  }

  #watch(child: T, forget: () => void): void {
    this.#living.set(child, forget);
    if (this.#closed) child.kill();
    void child.ended.then(() => {
      this.#living.delete(child);
      forget();
    });
  }

  /** Kills the child and starts the next one in the background, so that the next work need not wait for it. */
  #discard(child: T): void {
    child.kill();
    this.#living.get(child)?.();
    if (!this.#closed) this.#started().catch(() => {});
  }
}

async function isReady(child: Child): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), readyMs);
  try {
    return await Promise.race([child.ready(), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

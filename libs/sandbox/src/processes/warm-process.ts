import { orAborted, withDeadline } from '@pentimento/abort';

/** A process that a `WarmProcess` starts, uses and replaces. */
export interface ManagedProcess {
  /** Waits until it can take work. False where it cannot any more and must be replaced. */
  ready(): Promise<boolean>;
  /** Kills its whole tree. */
  kill(): void;
  /** Settles once its whole tree is gone. */
  ended: Promise<unknown>;
}

const startAttempts = 3;

/** A process that takes longer to become ready after its last work is replaced. */
const readyMs = 10_000;

/** One process that is started when it is first needed, kept for the next work, and replaced once it has ended. */
export class WarmProcess<T extends ManagedProcess> {
  readonly #start: () => Promise<T>;
  #current: Promise<T> | undefined;
  /** Each running process, with what stops it from being the current one. */
  readonly #running = new Map<T, () => void>();
  #closed = false;

  constructor(start: () => Promise<T>) {
    this.#start = start;
  }

  /**
   * Lends the process to `work`, and kills it when the work exceeds its deadline or is aborted. The time that the process takes to
   * start does not count.
   *
   * @throws DeadlineExceeded after `deadlineMs`; the signal's reason where it aborts; Error where no process can be started.
   */
  async use<R>(deadlineMs: number, signal: AbortSignal, work: (process: T) => Promise<R>): Promise<R> {
    const process = await orAborted(this.get(), signal);
    return withDeadline({ deadlineMs, signal, kill: () => this.#replace(process) }, () => work(process));
  }

  /** A process that can take work. Rejects where none can be started; the next call tries again. */
  async get(): Promise<T> {
    for (let attempt = 1; attempt <= startAttempts; attempt++) {
      const process = await this.#started();
      if (await isReady(process)) return process;
      this.#replace(process);
    }
    throw new Error('The renderer starts but takes no work.');
  }

  /** Ends the process permanently and waits until it has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#current?.catch(() => {});
    const running = [...this.#running.keys()];
    for (const process of running) process.kill();
    await Promise.all(running.map((process) => process.ended));
  }

  #started(): Promise<T> {
    if (this.#closed) return Promise.reject(new Error('The renderers are closed.'));
    return (this.#current ??= this.#startNext());
  }

  #startNext(): Promise<T> {
    const starting = this.#start();
    const forget = (): void => {
      if (this.#current === starting) this.#current = undefined;
    };
    starting.then((process) => this.#track(process, forget), forget);
    return starting;
  }

  #track(process: T, forget: () => void): void {
    this.#running.set(process, forget);
    if (this.#closed) process.kill();
    void process.ended.then(() => {
      this.#running.delete(process);
      forget();
    });
  }

  /** Kills the process and starts the next one in the background, so that the next work need not wait for it. */
  #replace(process: T): void {
    process.kill();
    this.#running.get(process)?.();
    if (!this.#closed) this.#started().catch(() => {});
  }
}

const isReady = (process: ManagedProcess): Promise<boolean> =>
  withDeadline({ deadlineMs: readyMs }, () => process.ready()).catch(() => false);

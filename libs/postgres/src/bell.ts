/** The longest delay of news whose notification was lost. */
export const pollMs = 2_000;

/** Wakes its waiter. A ring between `reset` and `wait` is not missed. */
export class Bell {
  /** Resolves to no events once the signal aborts, so that a tail ends without waiting for the database. */
  readonly aborted: Promise<[]>;
  readonly #signal: AbortSignal;
  #onAbort: () => void = () => {};
  #rung = false;
  #wake: (() => void) | undefined;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    this.aborted = new Promise((resolve) => {
      this.#onAbort = () => {
        resolve([]);
        this.ring();
      };
    });
    signal.addEventListener('abort', this.#onAbort);
  }

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  reset(): void {
    this.#rung = false;
  }

  async wait(ms: number): Promise<void> {
    if (this.#rung) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
    this.#wake = undefined;
  }

  close(): void {
    this.#signal.removeEventListener('abort', this.#onAbort);
  }
}

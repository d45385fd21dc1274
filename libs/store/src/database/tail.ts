import type { JobEvent } from '@pentimento/contracts';
import type { Database } from './client.ts';
import { listEvents } from './events.ts';
import type { Listener } from './listener.ts';
import { OutageError } from './outage.ts';

/** How long a lost notification can go unnoticed. */
const pollMs = 2_000;
const batchSize = 500;

/**
 * New events in batches until the signal aborts or the store closes. Each read goes on from the last sequence number that
 * was handed out, so nothing is skipped or repeated, whatever becomes of the notifications and connections meanwhile.
 */
export async function* tailEvents(
  database: Database,
  listener: Listener,
  jobId: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<JobEvent[]> {
  const bell = new Bell(signal);
  const unsubscribe = listener.subscribe(jobId, () => bell.ring());
  try {
    while (!signal.aborted && !listener.closed) {
      bell.reset();
      const batch = await Promise.race([readBatch(database, jobId, after), bell.aborted]);
      if (signal.aborted || listener.closed) return;
      if (batch.length > 0) {
        yield batch;
        after = batch.at(-1)!.seq;
      } else {
        await bell.wait(pollMs);
      }
    }
  } finally {
    unsubscribe();
    bell.close();
  }
}

/** An outage reads as no news: the tail outlasts it. */
async function readBatch(database: Database, jobId: string, after: number): Promise<JobEvent[]> {
  try {
    return await listEvents(database, jobId, after, batchSize);
  } catch (error) {
    if (error instanceof OutageError) return [];
    throw error;
  }
}

/** Remembers a ring between `reset` and `wait`, so that none is missed. */
class Bell {
  /** No events, once the signal aborts: a tail then ends without waiting for the database. */
  readonly aborted: Promise<[]>;
  readonly #signal: AbortSignal;
  #onAbort: () => void = () => {};
  #rung = false;
  #answer: (() => void) | undefined;

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
    this.#answer?.();
  }

  reset(): void {
    this.#rung = false;
  }

  async wait(ms: number): Promise<void> {
    if (this.#rung) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#answer = resolve;
      timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
    this.#answer = undefined;
  }

  close(): void {
    this.#signal.removeEventListener('abort', this.#onAbort);
  }
}

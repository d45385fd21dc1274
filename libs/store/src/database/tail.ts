import type { JobEvent } from '@pentimento/contracts';
import type { Database } from './client.ts';
import { listEvents } from './events.ts';
import type { Listener } from './listener.ts';
import { OutageError } from '@pentimento/postgres';

/** The longest delay of an event whose notification was lost. */
const pollMs = 2_000;
const batchSize = 500;

/**
 * New events in batches until the signal aborts, the job is deleted or the store closes. Each read continues after the last sequence number
 * that was yielded, so no event is skipped or repeated even if notifications or connections are lost.
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
      const batch = await Promise.race([readBatch(database, listener, jobId, after), bell.aborted]);
      if (batch === null || signal.aborted || listener.closed) return;
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

/** Null if the job was deleted or the store closed. No events during an outage, so that the tail continues after it. */
async function readBatch(
  database: Database,
  listener: Listener,
  jobId: string,
  after: number,
): Promise<JobEvent[] | null> {
  try {
    const events = await listEvents(database, jobId, after, batchSize);
    if (events.length > 0) return events;
    const jobs = await database.run((queries) => queries.job.count({ where: { id: jobId } }));
    return jobs > 0 ? [] : null;
  } catch (error) {
    // A pool that closes under a read rejects it.
    if (listener.closed) return null;
    if (error instanceof OutageError) return [];
    throw error;
  }
}

/** Wakes its waiter. A ring between `reset` and `wait` is not missed. */
class Bell {
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

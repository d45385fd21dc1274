import type { JobEvent } from '@pentimento/contracts';
import { Bell, pollMs, OutageError } from '@pentimento/postgres';
import { eventChannel, type JobListener } from './channels.ts';
import type { Database } from './client.ts';
import { listEvents } from './events.ts';

const batchSize = 500;

/**
 * New events in batches until the signal aborts, the job is deleted or the store closes. Each read continues after the last sequence number
 * that was yielded, so no event is skipped or repeated even if notifications or connections are lost.
 */
export async function* tailEvents(
  database: Database,
  listener: JobListener,
  jobId: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<JobEvent[]> {
  const bell = new Bell(signal);
  const unsubscribe = listener.subscribe(eventChannel, jobId, () => bell.ring());
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
  listener: JobListener,
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

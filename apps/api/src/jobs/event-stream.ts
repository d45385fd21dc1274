import { once } from 'node:events';
import { isFinal, type JobEvent } from '@pentimento/contracts';
import type { Store } from '@pentimento/store';
import type { Response } from 'express';

/** The server-sent events of the HTML standard, section 9.2. */
const reconnectMs = 3_000;
export const eventStreamHeaders = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  // `no-transform` keeps proxies from compressing, and so delaying, what must arrive at once.
  'Cache-Control': 'no-cache, no-transform',
  'X-Accel-Buffering': 'no',
};

export const commentIntervalMs = 15_000;

const frame = (event: JobEvent): string => `id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

interface EventStream {
  store: Pick<Store, 'tailEvents' | 'getJob'>;
  jobId: string;
  /** Sequence number of the last event that the client has received. */
  after: number;
  response: Response;
  /** Ends the stream without a `done`, so that the client connects again: the server is shutting down. */
  draining: AbortSignal;
}

/** Sends a job's events as they are stored, until the job has ended, the client disconnects or the server drains. */
export async function streamEvents({ store, jobId, after, response, draining }: EventStream): Promise<void> {
  const disconnected = new AbortController();
  response.on('close', () => disconnected.abort());
  if (response.destroyed) return;
  response.writeHead(200, eventStreamHeaders);
  response.write(`retry: ${reconnectMs}\n\n`);
  const comments = setInterval(() => response.write(': still here\n\n'), commentIntervalMs);
  const ended = AbortSignal.any([disconnected.signal, draining]);
  try {
    for await (const events of store.tailEvents(jobId, after, ended)) {
      if (!response.write(events.map(frame).join(''))) await once(response, 'drain', { signal: ended });
      if (await hasEnded(store, events.at(-1))) {
        response.write(`event: done\ndata: {}\n\n`);
        break;
      }
    }
  } catch (error) {
    if (!ended.aborted) throw error;
  } finally {
    clearInterval(comments);
    response.end();
  }
}

/** A retried job has a `job.finished` event and still continues. */
export async function hasEnded(store: Pick<Store, 'getJob'>, last: JobEvent | undefined): Promise<boolean> {
  if (last?.type !== 'job.finished') return false;
  const job = await store.getJob(last.jobId);
  return job !== null && isFinal(job.status);
}

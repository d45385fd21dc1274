import { once } from 'node:events';
import { isFinal, type JobEvent } from '@pentimento/contracts';
import type { Store } from '@pentimento/store';
import type { Response } from 'express';

/** The server-sent events of the HTML standard, section 9.2. */
const reconnectMs = 3_000;
const headers = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  // `no-transform` keeps proxies from compressing, and so from holding back, what must arrive at once.
  'Cache-Control': 'no-cache, no-transform',
  'X-Accel-Buffering': 'no',
};

export const commentEveryMs = 15_000;

const frame = (event: JobEvent): string => `id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

interface Streaming {
  store: Pick<Store, 'tailEvents' | 'getJob'>;
  jobId: string;
  /** Sequence number of the last event that the client has. */
  after: number;
  response: Response;
  /** Ends the stream without a `done`, so the client comes back: the server shuts down. */
  draining: AbortSignal;
}

/** Sends a job's events from the table as they are stored, until the job has ended, the client leaves or the server drains. */
export async function streamEvents({ store, jobId, after, response, draining }: Streaming): Promise<void> {
  const left = new AbortController();
  response.on('close', () => left.abort());
  if (response.destroyed) return;
  response.writeHead(200, headers);
  response.write(`retry: ${reconnectMs}\n\n`);
  const comments = setInterval(() => response.write(': still here\n\n'), commentEveryMs);
  const ended = AbortSignal.any([left.signal, draining]);
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

/** A job that was retried has finished before, and goes on. */
async function hasEnded(store: Pick<Store, 'getJob'>, last: JobEvent | undefined): Promise<boolean> {
  if (last?.type !== 'job.finished') return false;
  const job = await store.getJob(last.jobId);
  return job !== null && isFinal(job.status);
}

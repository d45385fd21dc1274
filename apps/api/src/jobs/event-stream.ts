import { once } from 'node:events';
import {
  isFinal,
  partialRepliesEvent,
  partialReplyUpdates,
  type JobEvent,
  type PartialReply,
} from '@pentimento/contracts';
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
  store: Pick<Store, 'tailEvents' | 'getJob' | 'partialReplies'>;
  jobId: string;
  /** Sequence number of the last event that the client has received. */
  after: number;
  /** Whether to send the replies that are being written too. */
  withPartialReplies: boolean;
  response: Response;
  /** Ends the stream without a `done`, so that the client connects again: the server is shutting down. */
  draining: AbortSignal;
}

/**
 * Sends a job's events as they are stored, until the job has ended, the client disconnects or the server drains. Partial replies go
 * between them without an id, so that a client that comes back is sent every event that it lacks, and the replies as they are then.
 */
export async function streamEvents(stream: EventStream): Promise<void> {
  const { response, draining, withPartialReplies } = stream;
  const over = new AbortController();
  response.on('close', () => over.abort());
  if (response.destroyed) return;
  response.writeHead(200, eventStreamHeaders);
  response.write(`retry: ${reconnectMs}\n\n`);
  const comments = setInterval(() => response.write(': still here\n\n'), commentIntervalMs);
  const ended = AbortSignal.any([over.signal, draining]);
  try {
    await Promise.all([
      sendEvents(stream, ended).finally(() => over.abort()),
      withPartialReplies ? sendPartialReplies(stream, ended) : undefined,
    ]);
  } catch (error) {
    if (!ended.aborted) throw error;
  } finally {
    over.abort();
    clearInterval(comments);
    response.end();
  }
}

async function sendEvents({ store, jobId, after, response }: EventStream, ended: AbortSignal): Promise<void> {
  for await (const events of store.tailEvents(jobId, after, ended)) {
    await send(response, events.map(frame).join(''), ended);
    if (await hasEnded(store, events.at(-1))) {
      response.write(`event: done\ndata: {}\n\n`);
      return;
    }
  }
}

async function sendPartialReplies({ store, jobId, response }: EventStream, ended: AbortSignal): Promise<void> {
  let sent: readonly PartialReply[] = [];
  for await (const replies of store.partialReplies.tail(jobId, ended)) {
    const data = JSON.stringify({ replies: partialReplyUpdates(sent, replies) });
    sent = replies;
    await send(response, `event: ${partialRepliesEvent}\ndata: ${data}\n\n`, ended);
  }
}

/** Waits for a client that reads more slowly. */
async function send(response: Response, frames: string, ended: AbortSignal): Promise<void> {
  if (!response.write(frames)) await once(response, 'drain', { signal: ended });
}

/** A retried job has a `job.finished` event and still continues. */
export async function hasEnded(store: Pick<Store, 'getJob'>, last: JobEvent | undefined): Promise<boolean> {
  if (last?.type !== 'job.finished') return false;
  const job = await store.getJob(last.jobId);
  return job !== null && isFinal(job.status);
}

import { parentPort } from 'node:worker_threads';
import type { ThreadReply, ThreadRequest } from './reply-thread.ts';
import { traceReply } from './traced-reply.ts';

/** The program of the thread that traces replies. */
const running = new Map<number, AbortController>();

parentPort!.on('message', (message: ThreadRequest) => {
  if ('request' in message) void work(message);
  else running.get(message.id)?.abort();
});

async function work({ id, request }: Extract<ThreadRequest, { request: unknown }>): Promise<void> {
  const abort = new AbortController();
  running.set(id, abort);
  const outcome: Omit<ThreadReply, 'id'> = await traceReply(request, abort.signal).then(
    (reply) => ({ reply }),
    (error: unknown) => ({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
  running.delete(id);
  parentPort!.postMessage({ id, ...outcome } satisfies ThreadReply);
}

import { Worker } from 'node:worker_threads';
import type { ReplyRequest, TracedReply } from './traced-reply.ts';

/** Without a request it aborts the one of that id. */
export type ThreadRequest = { id: number; request: ReplyRequest } | { id: number };

/** Either a reply or the text of an error. */
export interface ThreadReply {
  id: number;
  reply?: TracedReply;
  error?: string;
}

/**
 * The thread that traces replies: tracing a large image takes longer than the event loop may stall for. It is started with the first
 * request, replaced when it has stopped, and keeps the process alive only while it works.
 */
export class ReplyThread {
  #worker: Worker | undefined;
  #requests = 0;
  readonly #pending = new Map<number, PromiseWithResolvers<TracedReply>>();

  /** The reply. Rejects with the signal's reason as soon as that aborts. */
  async request(request: ReplyRequest, signal: AbortSignal | undefined): Promise<TracedReply> {
    signal?.throwIfAborted();
    const id = this.#requests++;
    const pending = Promise.withResolvers<TracedReply>();
    const worker = (this.#worker ??= this.#start());
    this.#pending.set(id, pending);
    worker.ref();
    worker.postMessage({ id, request } satisfies ThreadRequest);
    const abort = () => {
      worker.postMessage({ id } satisfies ThreadRequest);
      pending.reject(signal!.reason as Error);
    };
    signal?.addEventListener('abort', abort, { once: true });
    return pending.promise.finally(() => signal?.removeEventListener('abort', abort));
  }

  #start(): Worker {
    const worker = new Worker(new URL('./reply-worker.ts', import.meta.url), { execArgv: [] });
    worker.on('message', (message: ThreadReply) => this.#settle(worker, message));
    worker.on('error', (cause) => this.#lose(new Error('The thread that traces has failed.', { cause })));
    worker.on('exit', () => this.#lose(new Error('The thread that traces has ended.')));
    return worker;
  }

  #settle(worker: Worker, { id, reply, error }: ThreadReply): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (this.#pending.size === 0) worker.unref();
    if (reply) pending?.resolve(reply);
    else pending?.reject(new Error(error));
  }

  #lose(error: Error): void {
    this.#worker = undefined;
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}

import { Worker } from 'node:worker_threads';
import { InvalidImageError } from '@pentimento/imaging';
import { closedError, EncoderError } from '../errors.ts';
import type { WorkerAnswers, WorkerReply, WorkerRequest, WorkerSettings } from './worker-messages.ts';

/** The worker thread stopped before it answered. */
class WorkerStopped extends Error {
  override readonly name = 'WorkerStopped';
}

const attempts = 2;
/** What a request is about, in the words of an error. */
const subjects: Record<WorkerRequest['kind'], string> = {
  target: 'image',
  cut: 'image',
  encode: 'tile',
  text: 'text',
};

export type Spawn = (settings: WorkerSettings) => Worker;

export const spawnWorker: Spawn = (settings) =>
  new Worker(new URL('./encoder-worker.ts', import.meta.url), { workerData: settings, execArgv: [] });

/**
 * A worker thread of an encoder: started with the first request, replaced when it stops. A request whose worker stopped is
 * asked once more, then given up. Requests are made one at a time. The thread keeps the process alive only while it works.
 */
export class EncoderThread {
  readonly #settings: WorkerSettings;
  readonly #spawn: Spawn;
  #worker: Worker | undefined;
  #closed = false;
  /** What is asked of the worker now, and how to give it up. */
  #asked: { kind: WorkerRequest['kind']; giveUp: (error: Error) => void } | undefined;
  /** Threads started so far. */
  starts = 0;

  constructor(settings: WorkerSettings, spawn: Spawn = spawnWorker) {
    this.#settings = settings;
    this.#spawn = spawn;
  }

  get running(): boolean {
    return this.#worker !== undefined;
  }

  /** Throws `InvalidImageError`, or `EncoderError` with the remedy. */
  async request<Request extends WorkerRequest>(request: Request): Promise<WorkerAnswers[Request['kind']]> {
    const reply = await this.#askAgain(request);
    if (!reply.ok) throw errorOf(reply);
    return reply.answer as WorkerAnswers[Request['kind']];
  }

  /**
   * Stops the thread; a request under way is given up at once. An inference is let to its end before: where its thread is gone, the
   * runtime ends the whole process.
   */
  async close(): Promise<void> {
    this.#closed = true;
    const worker = this.#worker;
    const asked = this.#asked;
    const ended = worker && asked?.kind === 'encode' ? nextAnswer(worker) : undefined;
    asked?.giveUp(closedError());
    await ended;
    await worker?.terminate();
  }

  async #askAgain(request: WorkerRequest): Promise<WorkerReply> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#ask(request);
      } catch (error) {
        if (!(error instanceof WorkerStopped)) throw error;
        if (attempt === attempts && !this.#closed) throw stoppedAgain(request, error);
      }
    }
  }

  /** Bytes are sent as a copy, so that the original is there for a second try. */
  async #ask(request: WorkerRequest): Promise<WorkerReply> {
    const worker = this.#running();
    const { promise, resolve, reject } = Promise.withResolvers<WorkerReply>();
    const stopped = (cause: unknown) => reject(new WorkerStopped('The worker thread stopped.', { cause }));
    worker.once('message', resolve).once('error', stopped).once('exit', stopped);
    worker.ref();
    this.#asked = { kind: request.kind, giveUp: reject };
    worker.postMessage(request);
    try {
      return await promise;
    } finally {
      worker.off('message', resolve).off('error', stopped).off('exit', stopped);
      this.#asked = undefined;
      if (!this.#closed) worker.unref();
    }
  }

  #running(): Worker {
    if (this.#closed) throw closedError();
    this.#worker ??= this.#start();
    return this.#worker;
  }

  #start(): Worker {
    this.starts++;
    const worker = this.#spawn(this.#settings);
    const forget = () => {
      if (this.#worker === worker) this.#worker = undefined;
    };
    return worker.on('error', forget).on('exit', forget);
  }
}

/** Resolves with the next message of a worker, or when it ends without one. */
function nextAnswer(worker: Worker): Promise<void> {
  return new Promise((resolve) => worker.once('message', () => resolve()).once('exit', () => resolve()));
}

function stoppedAgain(request: WorkerRequest, cause: WorkerStopped): EncoderError {
  return new EncoderError(
    `The reward's worker thread stopped ${attempts} times on the same ${subjects[request.kind]}: see whether memory is short, then score again.`,
    { cause },
  );
}

function errorOf({ fault, message, detail }: Extract<WorkerReply, { ok: false }>): Error {
  const cause = new Error(detail);
  switch (fault) {
    case 'input':
      return new InvalidImageError(message, { cause });
    case 'encoder':
      return new EncoderError(message, { cause });
    case 'bug':
      return new Error(message, { cause });
  }
}

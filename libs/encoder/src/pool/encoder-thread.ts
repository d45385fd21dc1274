import { Worker } from 'node:worker_threads';
import { InvalidImageError } from '@pentimento/imaging';
import { closedError, EncoderError } from '../errors.ts';
import type { WorkerReply, WorkerRequest, WorkerSettings } from './worker-messages.ts';

/** The worker thread stopped before it replied. */
class WorkerStopped extends Error {
  override readonly name = 'WorkerStopped';
}

const maxAttempts = 2;

/** Starts a worker thread. */
export type SpawnWorker = (settings: WorkerSettings) => Worker;

/** Starts worker threads that run a module. */
export function spawnerOf(module: URL): SpawnWorker {
  return (settings) => new Worker(module, { workerData: settings, execArgv: [] });
}

/**
 * A worker thread that is started with the first request and replaced when it stops. A request whose worker stopped is sent once
 * more, then fails. Requests are made one at a time. The thread keeps the process alive only while it works.
 */
export class EncoderThread {
  readonly #settings: WorkerSettings;
  readonly #spawn: SpawnWorker;
  #worker: Worker | undefined;
  #closed = false;
  /** The request under way. */
  #pending: { task: string; reject: (error: Error) => void } | undefined;
  /** Threads started so far. */
  starts = 0;

  constructor(settings: WorkerSettings, spawn: SpawnWorker) {
    this.#settings = settings;
    this.#spawn = spawn;
  }

  get running(): boolean {
    return this.#worker !== undefined;
  }

  /** The task's output. Throws `InvalidImageError`, or `EncoderError` with the remedy. */
  async request(request: WorkerRequest): Promise<unknown> {
    const reply = await this.#sendWithRetry(request);
    if (!reply.ok) throw errorOf(reply);
    return reply.output;
  }

  /**
   * Stops the thread; a request under way fails at once. An inference ends before its thread does: ONNX Runtime ends the whole
   * process where the thread of a running inference is gone.
   */
  async close(): Promise<void> {
    this.#closed = true;
    const worker = this.#worker;
    const pending = this.#pending;
    const ended = worker && pending?.task === 'encode' ? nextMessage(worker) : undefined;
    pending?.reject(closedError());
    await ended;
    await worker?.terminate();
  }

  async #sendWithRetry(request: WorkerRequest): Promise<WorkerReply> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#send(request);
      } catch (error) {
        if (!(error instanceof WorkerStopped)) throw error;
        if (attempt === maxAttempts && !this.#closed) throw stoppedAgain(request, error);
      }
    }
  }

  /** Bytes are sent as a copy, so that the original remains for a second attempt. */
  async #send(request: WorkerRequest): Promise<WorkerReply> {
    const worker = this.#runningWorker();
    const { promise, resolve, reject } = Promise.withResolvers<WorkerReply>();
    const stopped = (cause: unknown) => reject(new WorkerStopped('The worker thread stopped.', { cause }));
    worker.once('message', resolve).once('error', stopped).once('exit', stopped);
    worker.ref();
    this.#pending = { task: request.task, reject };
    worker.postMessage(request);
    try {
      return await promise;
    } finally {
      worker.off('message', resolve).off('error', stopped).off('exit', stopped);
      this.#pending = undefined;
      if (!this.#closed) worker.unref();
    }
  }

  #runningWorker(): Worker {
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

/** Resolves with the next message of a worker, or when it exits without one. */
function nextMessage(worker: Worker): Promise<void> {
  return new Promise((resolve) => worker.once('message', () => resolve()).once('exit', () => resolve()));
}

function stoppedAgain({ task }: WorkerRequest, cause: WorkerStopped): EncoderError {
  return new EncoderError(
    `The worker thread stopped ${maxAttempts} times during the same "${task}": check whether memory is short, then try again.`,
    { cause },
  );
}

function errorOf({ kind, message, detail }: Extract<WorkerReply, { ok: false }>): Error {
  const cause = new Error(detail);
  switch (kind) {
    case 'image':
      return new InvalidImageError(message, { cause });
    case 'encoder':
      return new EncoderError(message, { cause });
    case 'bug':
      return new Error(message, { cause });
  }
}

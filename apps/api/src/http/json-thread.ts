import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { parseJsonBody } from './json-body.ts';
import { ProblemException } from './problem.exception.ts';

export interface JsonRequest {
  id: number;
  bytes: Uint8Array;
}

export interface JsonReply {
  id: number;
  value?: unknown;
  /** Why there is no value. */
  problem?: string;
}

/** Bytes that are parsed at once: a few milliseconds. */
const maxBytesAtOnce = 256 * 1024;

const program = new URL(`./json-worker${extname(import.meta.url)}`, import.meta.url);

/**
 * Parses JSON of many megabytes in a thread, which is started with the first: parsing it takes longer than the event loop may stall for. The
 * thread keeps the process alive only while it works.
 */
export class JsonThread {
  #worker: Worker | undefined;
  #requests = 0;
  readonly #pending = new Map<number, PromiseWithResolvers<unknown>>();

  /** The value, as `parseJsonBody` has it. The bytes may be gone afterward. Rejects with a ProblemException where there is none. */
  async parse(bytes: Uint8Array): Promise<unknown> {
    if (bytes.length <= maxBytesAtOnce) return parseJsonBody(bytes);
    const id = this.#requests++;
    const pending = Promise.withResolvers<unknown>();
    this.#pending.set(id, pending);
    const worker = (this.#worker ??= this.#start());
    worker.ref();
    worker.postMessage({ id, bytes } satisfies JsonRequest, transferable(bytes));
    return pending.promise;
  }

  #start(): Worker {
    const worker = new Worker(program, { execArgv: [] });
    worker.on('message', (reply: JsonReply) => this.#settle(worker, reply));
    worker.on('error', (cause) => this.#lose(new Error('The thread that parses JSON has failed.', { cause })));
    worker.on('exit', () => this.#lose(new Error('The thread that parses JSON has ended.')));
    return worker;
  }

  #settle(worker: Worker, { id, value, problem }: JsonReply): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (this.#pending.size === 0) worker.unref();
    if (problem === undefined) pending?.resolve(value);
    else pending?.reject(new ProblemException('invalid-request', problem));
  }

  #lose(error: Error): void {
    this.#worker = undefined;
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}

/** Memory that only these bytes are in moves to the thread; other bytes are copied. */
const transferable = ({ buffer, length }: Uint8Array): ArrayBuffer[] =>
  buffer.byteLength === length && buffer instanceof ArrayBuffer ? [buffer] : [];

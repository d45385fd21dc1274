import type { Readable, Writable } from 'node:stream';
import type { ProtocolMapping } from 'devtools-protocol/types/protocol-mapping.js';

type Commands = ProtocolMapping.Commands;
export type CdpMethod = keyof Commands;
export type CdpParams<Method extends CdpMethod> = Commands[Method]['paramsType'][0];
export type CdpResult<Method extends CdpMethod> = Commands[Method]['returnType'];

/** An event, as untrusted as the browser: its parameters need not be what the protocol says. */
export interface CdpEvent {
  method: string;
  params: object;
  sessionId?: string;
}

export class CdpError extends Error {
  override name = 'CdpError';
}

/** A message may carry a screenshot in base64; events carry what a hostile page says, which deserves little memory. */
const maxMessageBytes = 96 * 1024 * 1024;
const maxEventBytes = 16 * 1024 * 1024;

interface PendingCommand {
  resolve(value: never): void;
  reject(error: Error): void;
}

/**
 * Chrome DevTools Protocol over the pipes of `--remote-debugging-pipe`: JSON messages, each ended by a NUL byte.
 * After too much output, or a malformed message, it calls `onGivenUp` and reads no further.
 */
export class CdpConnection {
  onEvent: (event: CdpEvent) => void = () => {};
  onGivenUp: () => void = () => {};
  readonly #output: Writable;
  readonly #pending = new Map<number, PendingCommand>();
  #lastId = 0;
  #chunks: Buffer[] = [];
  #chunkBytes = 0;
  #eventBytes = 0;
  #closed: Error | undefined;

  /** @param whyClosed gives the error of every command once the browser has closed its pipe. */
  constructor(output: Writable, input: Readable, whyClosed: () => Promise<Error>) {
    this.#output = output;
    input.on('data', (chunk: Buffer) => this.#read(chunk));
    input.on('close', () => void whyClosed().then((reason) => this.close(reason)));
  }

  /** Sends a command and resolves with its result. Rejects with CdpError where the browser refuses it or ends. */
  send<Method extends CdpMethod>(
    method: Method,
    params?: CdpParams<Method>,
    sessionId?: string,
  ): Promise<CdpResult<Method>> {
    if (this.#closed) return Promise.reject(this.#closed);
    const id = ++this.#lastId;
    this.#output.write(`${JSON.stringify({ id, method, params: params ?? {}, sessionId })}\0`);
    return new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject }));
  }

  /** Starts the next render's allowance of event bytes. */
  resetEventLimit(): void {
    this.#eventBytes = 0;
  }

  close(reason: Error): void {
    this.#closed ??= reason;
    for (const pending of this.#pending.values()) pending.reject(this.#closed);
    this.#pending.clear();
    this.#chunks = [];
  }

  #read(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(0, start); end !== -1 && !this.#closed; end = chunk.indexOf(0, start)) {
      this.#chunks.push(chunk.subarray(start, end));
      const message = Buffer.concat(this.#chunks);
      this.#chunks = [];
      this.#chunkBytes = 0;
      start = end + 1;
      this.#receiveUntrusted(message);
    }
    if (this.#closed || start >= chunk.length) return;
    this.#chunks.push(chunk.subarray(start));
    this.#chunkBytes += chunk.length - start;
    if (this.#chunkBytes > maxMessageBytes) this.#giveUp(new CdpError('CDP output limit exceeded.'));
  }

  /** A browser that a page has taken over may send anything. */
  #receiveUntrusted(bytes: Buffer): void {
    try {
      this.#receive(bytes);
    } catch (cause) {
      this.#giveUp(new CdpError('Malformed CDP message.', { cause }));
    }
  }

  #receive(bytes: Buffer): void {
    const message = JSON.parse(bytes.toString('utf8')) as CdpEvent & {
      id?: number;
      result?: never;
      error?: { message: string };
    };
    if (message.id === undefined) return this.#receiveEvent(message, bytes.length);
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.error) pending?.reject(new CdpError(message.error.message));
    else pending?.resolve(message.result!);
  }

  #receiveEvent(event: CdpEvent, bytes: number): void {
    this.#eventBytes += bytes;
    if (this.#eventBytes > maxEventBytes) this.#giveUp(new CdpError('CDP output limit exceeded.'));
    else this.onEvent(event);
  }

  #giveUp(reason: CdpError): void {
    this.onGivenUp();
    this.close(reason);
  }
}

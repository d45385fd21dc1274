import type { Readable, Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
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

/**
 * Longest message that is parsed, bytes. Longer ones are screenshots, which are decoded in turns; a longer event, such as an error that
 * quotes megabytes, is dropped, and a longer result of another command refused.
 */
const maxParsedBytes = 1024 * 1024;

/** A message may carry a screenshot in base64; events carry what a hostile page says, which deserves little memory. */
const maxMessageBytes = 96 * 1024 * 1024;
const maxEventBytes = 16 * 1024 * 1024;

interface PendingCommand {
  /** Takes a message that is too long to be parsed; undefined where the command has no such result. */
  takeLong?(chunks: readonly Buffer[]): void;
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
    return new Promise((resolve, reject) => this.#write({ method, params, sessionId }, { resolve, reject }));
  }

  /** Takes a screenshot, which is the only result that may be long. Resolves with the image. Rejects as `send`. */
  capture(params: CdpParams<'Page.captureScreenshot'>, sessionId: string): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#write(
        { method: 'Page.captureScreenshot', params, sessionId },
        {
          takeLong: (chunks) => decodeLongData(chunks).then(resolve, reject),
          resolve: ({ data }: { data?: unknown }) =>
            typeof data === 'string'
              ? resolve(Buffer.from(data, 'base64'))
              : reject(new CdpError('Malformed CDP message.')),
          reject,
        },
      );
    });
  }

  #write(
    { params = {}, ...command }: { method: string; params?: object; sessionId?: string },
    pending: PendingCommand,
  ): void {
    if (this.#closed) return pending.reject(this.#closed);
    const id = ++this.#lastId;
    const { method, sessionId } = command;
    this.#output.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    this.#pending.set(id, pending);
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
      const [message, bytes] = [this.#chunks, this.#chunkBytes + end - start];
      this.#chunks = [];
      this.#chunkBytes = 0;
      start = end + 1;
      this.#receiveUntrusted(message, bytes);
    }
    if (this.#closed || start >= chunk.length) return;
    this.#chunks.push(chunk.subarray(start));
    this.#chunkBytes += chunk.length - start;
    if (this.#chunkBytes > maxMessageBytes) this.#giveUp(new CdpError('CDP output limit exceeded.'));
  }

  /** A browser that a page has taken over may send anything. */
  #receiveUntrusted(chunks: Buffer[], bytes: number): void {
    try {
      if (bytes > maxParsedBytes) this.#receiveLong(chunks, bytes);
      else this.#receive(Buffer.concat(chunks));
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

  #receiveLong(chunks: Buffer[], bytes: number): void {
    const id = /^\{"id":(\d{1,15}),/.exec(headOf(chunks).toString('latin1'))?.[1];
    if (id === undefined) return this.#countEvent(bytes);
    const pending = this.#pending.get(Number(id));
    this.#pending.delete(Number(id));
    if (pending?.takeLong) pending.takeLong(chunks);
    else pending?.reject(new CdpError('The browser answered more than a command may.'));
  }

  #receiveEvent(event: CdpEvent, bytes: number): void {
    this.#countEvent(bytes);
    if (!this.#closed) this.onEvent(event);
  }

  #countEvent(bytes: number): void {
    this.#eventBytes += bytes;
    if (this.#eventBytes > maxEventBytes) this.#giveUp(new CdpError('CDP output limit exceeded.'));
  }

  #giveUp(reason: CdpError): void {
    this.onGivenUp();
    this.close(reason);
  }
}

const headBytes = 512;
const bytesPerTurn = 2 * 1024 * 1024;

/** The first bytes of a message. */
function headOf(chunks: readonly Buffer[]): Buffer {
  const head: Buffer[] = [];
  for (let at = 0, size = 0; at < chunks.length && size < headBytes; size += chunks[at++]!.length)
    head.push(chunks[at]!);
  return Buffer.concat(head).subarray(0, headBytes);
}

/** The bytes in the first string `data` of a message, decoded from base64 in turns with other work. Rejects where there is none. */
async function decodeLongData(chunks: readonly Buffer[]): Promise<Uint8Array> {
  const opening = '"data":"';
  const at = headOf(chunks).indexOf(opening);
  if (at === -1) throw new CdpError('Malformed CDP message.');
  const decoded: Buffer[] = [];
  let skip = at + opening.length;
  let rest = '';
  let untilTurn = bytesPerTurn;
  for (const chunk of chunks) {
    const part = chunk.subarray(skip);
    skip = Math.max(0, skip - chunk.length);
    const end = part.indexOf('"');
    const text = rest + part.toString('latin1', 0, end === -1 ? part.length : end);
    const whole = end === -1 ? text.length - (text.length % 4) : text.length;
    decoded.push(Buffer.from(text.slice(0, whole), 'base64'));
    rest = text.slice(whole);
    if (end !== -1) break;
    if ((untilTurn -= part.length) > 0) continue;
    untilTurn = bytesPerTurn;
    await setImmediate();
  }
  return Buffer.concat(decoded);
}

import {
  applyPartialReplyUpdates,
  parseEvent,
  partialRepliesEvent,
  partialRepliesSchema,
  type JobEvent,
  type PartialReply,
} from '@pentimento/contracts';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { ApiError, UnexpectedReplyError, UnreachableError } from './errors.ts';
import { parseJson, type Http } from './http.ts';

export interface TailOptions {
  signal?: AbortSignal;
  /** Only events after this sequence number. Default: 0, from the first event. */
  after?: number;
  /** Called with all replies that models are writing, whenever they change. They are asked for only where this is given. */
  onPartialReplies?: (replies: readonly PartialReply[]) => void;
  /** A connection is open. */
  onOpen?: () => void;
  /** The connection was lost; the next attempt starts after this many milliseconds. */
  onRetry?: (waitMs: number) => void;
  /** The server sends at least a comment every 15 s: a connection silent for longer than this is dead. Default: 45 000. */
  silenceMs?: number;
  /** First wait before connecting again, doubled up to 10 s. The server's `retry:` replaces it. Default: 1000. */
  retryMs?: number;
  /** Failed connections in a row, without an event, after which the tail gives up. Default: 8. */
  attempts?: number;
}

const maxWaitMs = 10_000;
/** Status of the reply to a client that has every event of an ended job. */
const noContent = 204;
/** The message after the last event of a job that has ended. */
const done: EventSourceMessage = { id: undefined, event: 'done', data: '' };

/**
 * A job's events, each once and in order, until the job has ended, over as many connections as it takes (WHATWG HTML,
 * server-sent events with `Last-Event-ID`). Throws an `ApiError` where the server refuses or stays unreachable, and the
 * signal's reason on abort.
 */
export async function* tailEvents(http: Http, path: string, options: TailOptions = {}): AsyncGenerator<JobEvent> {
  const { signal, onOpen, onRetry, onPartialReplies, silenceMs = 45_000, attempts = 8 } = options;
  let { after = 0, retryMs = 1000 } = options;
  for (let failures = 0; ;) {
    signal?.throwIfAborted();
    try {
      let partialReplies: PartialReply[] = [];
      const connection = connect(http, onPartialReplies ? `${path}?partialReplies=true` : path, {
        after,
        signal,
        silenceMs,
        onOpen,
        onServerRetry: (ms) => (retryMs = ms),
      });
      for await (const message of connection) {
        if (message.event === done.event) return;
        if (message.event === partialRepliesEvent) {
          partialReplies = readPartialReplies(http, path, message, partialReplies);
          onPartialReplies?.(partialReplies);
          continue;
        }
        const event = readEvent(message, http.url + path);
        if (event.seq <= after) continue;
        if (event.seq > after + 1) throw new UnreachableError(http.url, { cause: new Error('An event is missing.') });
        [after, failures] = [event.seq, 0];
        yield event;
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof ApiError && error.isTransient) || failures >= attempts) throw error;
    }
    const waitMs = Math.min(retryMs * 2 ** Math.max(0, failures - 1), maxWaitMs);
    failures += 1;
    onRetry?.(waitMs);
    await sleep(waitMs, signal);
  }
}

interface ConnectOptions {
  after: number;
  signal: AbortSignal | undefined;
  silenceMs: number;
  onOpen: (() => void) | undefined;
  onServerRetry: (ms: number) => void;
}

/** The messages of one connection, until the server ends it. */
async function* connect(http: Http, path: string, options: ConnectOptions): AsyncGenerator<EventSourceMessage> {
  const { after, signal, silenceMs, onOpen, onServerRetry } = options;
  const closing = new AbortController();
  const ended = signal ? AbortSignal.any([signal, closing.signal]) : closing.signal;
  const withinSilence = async <T>(work: Promise<T>): Promise<T> => {
    const timer = setTimeout(() => closing.abort(new UnreachableError(http.url)), silenceMs);
    return work.finally(() => clearTimeout(timer));
  };
  const messages: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => messages.push(message), onRetry: onServerRetry });
  const decoder = new TextDecoder();
  try {
    const headers = { accept: 'text/event-stream', 'last-event-id': String(after) };
    const response = await withinSilence(http.send(path, { headers, signal: ended }));
    if (response.status === noContent) return yield done;
    onOpen?.();
    const reader = response.body!.getReader();
    for (;;) {
      const chunk = await withinSilence(http.read(() => reader.read(), ended));
      if (chunk.done) return;
      parser.feed(decoder.decode(chunk.value, { stream: true }));
      yield* messages.splice(0);
    }
  } finally {
    closing.abort();
  }
}

function readEvent({ data }: EventSourceMessage, address: string): JobEvent {
  try {
    return parseEvent(parseJson(data));
  } catch (cause) {
    throw new UnexpectedReplyError(address, 200, { cause });
  }
}

function readPartialReplies(
  http: Http,
  path: string,
  { data }: EventSourceMessage,
  known: PartialReply[],
): PartialReply[] {
  return applyPartialReplyUpdates(known, http.parse(partialRepliesSchema, parseJson(data), path).replies);
}

function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal!.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', abort, { once: true });
  });
}

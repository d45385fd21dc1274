import { parseEvent, type JobEvent } from '@pentimento/contracts';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { setTimeout as sleep } from 'node:timers/promises';
import { Unreachable, type Client } from './client.ts';
import { Fault } from './fault.ts';
import { parseJson } from './problem.ts';

export interface FollowOptions {
  signal: AbortSignal;
  /** The connection was lost and is tried again after so many milliseconds. */
  onCut?: (waitMs: number) => void;
  /** The server sends at least a comment every 15 s; a connection quiet for longer than this is dead. */
  quietMs?: number;
  /** First wait before connecting again; it doubles up to 10 s. The server's own `retry:` takes its place. */
  retryMs?: number;
  /** Connections in a row that may bring no event before it is given up. */
  attempts?: number;
}

/** The connection ended in the middle. */
class Cut extends Error {}

const longestWaitMs = 10_000;
/** Status of the answer to a client that has all events of a job that has ended. */
const nothingMore = 204;

/**
 * A job's events from the first to its end, each once and in order, over as many connections as it takes
 * (WHATWG HTML, server-sent events: `Last-Event-ID`). The server ends with `event: done`. Throws a Fault where the server stays away, and the signal's reason.
 */
export async function* followEvents(client: Client, jobId: string, options: FollowOptions): AsyncGenerator<JobEvent> {
  const { signal, onCut, quietMs = 45_000, attempts = 8 } = options;
  let retryMs = options.retryMs ?? 1000;
  let after = 0;
  for (let failures = 0; ;) {
    signal.throwIfAborted();
    try {
      const response = await client.openEvents(jobId, after, signal);
      if (response.status === nothingMore) return;
      const onRetry = (ms: number): void => void (retryMs = ms);
      for await (const message of messagesOf(response, { quietMs, onRetry })) {
        if (message.event === 'done') return;
        const event = readEvent(message);
        if (event.seq <= after) continue;
        [after, failures] = [event.seq, 0];
        yield event;
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Unreachable || error instanceof Cut)) throw error;
      if (failures >= attempts) throw lost(client, jobId, error);
    }
    const waitMs = Math.min(retryMs * 2 ** Math.max(0, failures - 1), longestWaitMs);
    failures += 1;
    onCut?.(waitMs);
    await sleep(waitMs, undefined, { signal });
  }
}

const lost = (client: Client, jobId: string, cause: unknown): Fault =>
  new Fault(
    `The server at ${client.url} stays away. Once it is back, the job goes on: follow it with "pentimento watch ${jobId}".`,
    { cause },
  );

function readEvent(message: EventSourceMessage): JobEvent {
  try {
    return parseEvent(parseJson(message.data));
  } catch (cause) {
    throw new Fault(
      `The server sent an event that this command does not know: use a server and a command of the same version.`,
      { cause },
    );
  }
}

async function* messagesOf(
  response: Response,
  { quietMs, onRetry }: { quietMs: number; onRetry: (ms: number) => void },
): AsyncGenerator<EventSourceMessage> {
  if (!response.body) return;
  const messages: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => messages.push(message), onRetry });
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  try {
    for (;;) {
      const { done, value } = await readWithin(reader, quietMs);
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
      yield* messages.splice(0);
    }
  } finally {
    // What the connection still holds is not wanted, and one that broke needs no goodbye.
    await reader.cancel().catch(() => undefined);
  }
}

async function readWithin(reader: ReadableStreamDefaultReader<Uint8Array>, quietMs: number) {
  const { promise: quiet, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Cut('The connection fell silent.')), quietMs);
  try {
    return await Promise.race([reader.read(), quiet]);
  } catch (error) {
    throw error instanceof Cut ? error : new Cut('The connection was cut.', { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** One server-sent event. */
export interface SentEvent {
  id: number | undefined;
  event: string;
  data: unknown;
}

/** The events of a stream as they arrive, until it ends. Comments and `retry` lines are left out. */
export async function* sentEvents(response: Response): AsyncGenerator<SentEvent> {
  let rest = '';
  for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
    const frames = (rest + text).split('\n\n');
    rest = frames.pop()!;
    for (const frame of frames) {
      const fields = Object.fromEntries(frame.split('\n').map(field));
      if (fields.data !== undefined) {
        yield {
          id: fields.id === undefined ? undefined : Number(fields.id),
          event: fields.event ?? 'message',
          data: JSON.parse(fields.data),
        };
      }
    }
  }
}

function field(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon), line.slice(colon + 1).trimStart()];
}

/** Reads a job's events after a sequence number until `enough` returns true or the stream ends, then disconnects. */
export async function readEvents(
  jobUrl: string,
  { after = 0, enough = () => false }: { after?: number; enough?: (event: SentEvent) => boolean } = {},
): Promise<SentEvent[]> {
  const hangUp = new AbortController();
  const response = await fetch(`${jobUrl}/events`, {
    headers: { accept: 'text/event-stream', ...(after > 0 ? { 'last-event-id': String(after) } : {}) },
    signal: hangUp.signal,
  });
  const events: SentEvent[] = [];
  if (response.status === 204) return events;
  for await (const event of sentEvents(response)) {
    events.push(event);
    if (enough(event)) break;
  }
  hangUp.abort();
  return events;
}

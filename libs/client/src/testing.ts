/** A `fetch` that answers from `replies` in turn, the last one from then on, and keeps the requests that it got. */
export function fakeFetch(...replies: ((request: Request) => Response | Promise<Response>)[]) {
  const requests: Request[] = [];
  const answer = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(new URL(String(input), 'http://page.test'), init);
    requests.push(request);
    return replies[Math.min(requests.length, replies.length) - 1]!(request);
  };
  return { fetch: answer as typeof fetch, requests };
}

export const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  () =>
    new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });

/** An event stream of these texts that then ends, or breaks with the error. */
export const stream =
  (texts: string[], error?: Error) =>
  ({ signal }: Request) =>
    new Response(
      new ReadableStream({
        start(controller) {
          const encoder = new TextEncoder();
          for (const text of texts) controller.enqueue(encoder.encode(text));
          if (!error) return controller.close();
          // An error drops what is queued; it comes after the texts were read.
          setTimeout(() => controller.error(error), 5);
          signal.addEventListener('abort', () => controller.error(signal.reason));
        },
      }),
      { headers: { 'content-type': 'text/event-stream' } },
    );

/** An event stream of these texts that stays open until it is aborted. */
export const openStream =
  (...texts: string[]) =>
  ({ signal }: Request) =>
    new Response(
      new ReadableStream({
        start(controller) {
          for (const text of texts) controller.enqueue(new TextEncoder().encode(text));
          signal.addEventListener('abort', () => controller.error(signal.reason));
        },
      }),
    );

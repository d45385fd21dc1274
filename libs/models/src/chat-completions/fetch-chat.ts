import { StreamedError } from '../calls/failure.ts';
import { asRecord, parseJson } from '../json.ts';
import type { ModelProfile } from '../profiles/model-profiles.ts';
import { asWhole } from './chunk.ts';
import { concessions, type Concession, type RequestBody } from './concessions.ts';
import { errorIn, errorOfBody } from './server-error.ts';
import { eventsOfWhole, plainEvents } from './stream.ts';

/** Longest body that is read as a whole, bytes. */
const maxWholeBytes = 64 * 1024 * 1024;
const maxErrorBytes = 64 * 1024;

/** The header of a response that says with which concessions it was got, as a JSON list of sentences. */
export const concessionsHeader = 'x-pentimento-concessions';

/**
 * Fetch for servers that speak OpenAI's chat completions in one way or another: whatever they answer is handed on in the protocol's own
 * form, errors too. A request that is refused for a part that it can do without is sent again without it, once for each part, and from
 * then on at once: the model's profile has what its server refused.
 *
 * @param profileOf the profile of a model by the server's own name for it.
 */
export function fetchChat(
  fetch: typeof globalThis.fetch,
  profileOf: (model: string) => ModelProfile,
): typeof globalThis.fetch {
  return async (url, init) => {
    const asked = asRecord(parseJson(String(init?.body)));
    const profile = profileOf(String(asked['model']));
    const made: string[] = [];
    for (let body = without(asked, profile); ;) {
      const response = await fetch(url, body === asked ? init : { ...init, body: JSON.stringify(body) });
      if (response.ok) return withNotes(await plainResponse(response, body['stream'] === true), made);
      if (response.status < 400) return response;
      const text = await readStart(response, maxErrorBytes);
      const next = conceded(body, text, profile);
      if (!next) return plainFailure(response, text);
      if (!next.concession.dependsOnRequest) profile.refuse(next.concession.id);
      made.push(next.concession.note);
      body = next.body;
    }
  };
}

const without = (body: RequestBody, profile: ModelProfile): RequestBody =>
  concessions
    .filter(({ id }) => profile.refuses(id))
    .reduce((rest, concession) => concession.without(rest) ?? rest, body);

/** The request without what the server's words refuse; undefined where there is nothing of it left to leave out. */
function conceded(
  body: RequestBody,
  answer: string,
  profile: ModelProfile,
): { concession: Concession; body: RequestBody } | undefined {
  const message = errorOfBody(answer, null)?.message ?? '';
  for (const concession of concessions) {
    const rest =
      profile.refuses(concession.id) || !concession.isRefusedBy(message) ? undefined : concession.without(body);
    if (rest) return { concession, body: rest };
  }
  return undefined;
}

/** A response whose stream, or whose whole reply, has the protocol's form. @throws StreamedError for a whole reply that is an error. */
async function plainResponse(response: Response, isStream: boolean): Promise<Response> {
  const { status } = response;
  const headers = headersOf(response);
  if (isStream && response.body && headers.get('content-type')?.includes('event-stream'))
    return new Response(plainEvents(response.body), { status, headers });
  const text = await readStart(response, maxWholeBytes);
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null) return new Response(text, { status, headers });
  if (isStream) {
    headers.set('content-type', 'text/event-stream');
    return new Response(eventsOfWhole(value), { status, headers });
  }
  const error = errorIn(value);
  if (error) throw new StreamedError(error);
  return new Response(JSON.stringify(asWhole(value)), { status, headers });
}

/** A failed response whose body says what the server said, in the protocol's form. */
function plainFailure(response: Response, text: string): Response {
  const { status, statusText } = response;
  const error = errorOfBody(text, response.headers.get('content-type'));
  return new Response(error ? JSON.stringify({ error }) : '', { status, statusText, headers: headersOf(response) });
}

function withNotes(response: Response, notes: readonly string[]): Response {
  response.headers.delete(concessionsHeader);
  if (notes.length > 0) response.headers.set(concessionsHeader, JSON.stringify(notes));
  return response;
}

/** The headers without those of a body that is no longer the same. */
function headersOf({ headers }: Response): Headers {
  const rest = new Headers(headers);
  rest.delete('content-length');
  rest.delete('content-encoding');
  return rest;
}

/** The text of a body, up to so many bytes. */
async function readStart({ body }: Response, maxBytes: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let left = maxBytes;
  for await (const part of body ?? []) {
    parts.push(part.subarray(0, left));
    left -= part.length;
    if (left <= 0) break;
  }
  return Buffer.concat(parts).toString('utf8');
}

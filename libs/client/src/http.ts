import { problemSchema, type Problem } from '@pentimento/contracts';
import type { z } from 'zod';
import { ApiError, UnexpectedReplyError, UnreachableError } from './errors.ts';

export interface ClientOptions {
  /** Address of the server, e.g. `http://127.0.0.1:7400`; empty for the origin that the page was loaded from. */
  url?: string;
  /** What to do with redirects; `follow` where absent. */
  redirect?: RequestRedirect;
  /** Takes the place of the runtime's `fetch`. */
  fetch?: typeof fetch;
}

/** Sends requests to one server. Every failure but an abort is an `ApiError`; an abort rejects with the signal's reason. */
export class Http {
  /** Without a trailing slash. */
  readonly url: string;
  readonly #fetch: typeof fetch;
  readonly #redirect: RequestRedirect;

  constructor({ url = '', redirect = 'follow', fetch }: ClientOptions) {
    this.url = url.replace(/\/+$/, '');
    this.#redirect = redirect;
    // Browsers refuse to call `fetch` as a method of another object.
    this.#fetch = fetch ?? ((input, init) => globalThis.fetch(input, init));
  }

  /** The response, which has a status of success. Its body is not read yet. */
  async send(path: string, init: RequestInit = {}): Promise<Response> {
    const response = await this.#request(path, init);
    if (!response.ok) throw this.#refusal(path, response, await this.read(() => response.text(), init.signal));
    return response;
  }

  /** The JSON of a successful reply, checked against its schema. */
  async json<T>(schema: z.ZodType<T>, path: string, init: RequestInit = {}): Promise<T> {
    const response = await this.send(path, init);
    const text = await this.read(() => response.text(), init.signal);
    return this.parse(schema, parseJson(text), path, response.status);
  }

  /** The JSON of any reply that has the schema's shape, whatever its status: a server that is not ready answers 503 with the reason. */
  async jsonOfAnyStatus<T>(schema: z.ZodType<T>, path: string, init: RequestInit = {}): Promise<T> {
    const response = await this.#request(path, init);
    const text = await this.read(() => response.text(), init.signal);
    const parsed = schema.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    if (!response.ok) throw this.#refusal(path, response, text);
    throw new UnexpectedReplyError(this.url + path, response.status, { cause: parsed.error });
  }

  parse<T>(schema: z.ZodType<T>, value: unknown, path: string, status = 200): T {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    throw new UnexpectedReplyError(this.url + path, status, { cause: parsed.error });
  }

  /** Reads from the network; a connection that breaks is an `UnreachableError`. */
  async read<T>(work: () => Promise<T>, signal?: AbortSignal | null): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      signal?.throwIfAborted();
      throw new UnreachableError(this.url, { cause });
    }
  }

  /** The body as it arrives; a connection that breaks is an `UnreachableError`. */
  async *chunks(response: Response, signal?: AbortSignal | null): AsyncGenerator<Uint8Array> {
    const reader = response.body?.getReader();
    if (!reader) return;
    try {
      for (;;) {
        const { done, value } = await this.read(() => reader.read(), signal);
        if (done) return;
        yield value;
      }
    } finally {
      await reader.cancel().catch(() => {});
    }
  }

  #request(path: string, init: RequestInit): Promise<Response> {
    return this.read(() => this.#fetch(this.url + path, { redirect: this.#redirect, ...init }), init.signal);
  }

  /** The problem that the reply describes, or one made of its status where it describes none, like a proxy's page. */
  #refusal(path: string, { status, statusText, headers }: Response, text: string): ApiError {
    const problem: Problem = problemSchema.safeParse(parseJson(text)).data ?? {
      type: 'about:blank',
      title: statusText,
      status,
      code: 'unexpected-reply',
      detail: `${this.url + path} answered ${`${status} ${statusText}`.trim()}: check that it is a Pentimento server, and its log.`,
    };
    return new ApiError({ ...problem, status }, { retryAfterMs: retryAfterMs(headers) });
  }
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The `Retry-After` header in seconds (RFC 9110, section 10.2.3); a date is not understood. */
function retryAfterMs(headers: Headers): number | undefined {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

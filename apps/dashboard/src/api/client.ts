import { problemSchema, type Problem } from '@pentimento/contracts';
import type { z } from 'zod';

/** What the API refused, or why it could not be reached: always a problem with a sentence to show. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, cause?: unknown) {
    super(problem.detail, { cause });
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

/** GETs JSON from the API, or POSTs `body` (a form, or anything as JSON). Throws a ProblemError. */
export async function fetchJson<T>(path: string, options: { post?: unknown; signal?: AbortSignal } = {}): Promise<T> {
  const response = await send(path, options);
  if (response.ok) return (await response.json()) as T;
  throw new ProblemError(await readProblem(response));
}

/** JSON of the wanted shape, whatever the status: a server that is not well answers 503 and says why. Throws a ProblemError. */
export async function fetchAny<T>(path: string, schema: z.ZodType<T>, signal: AbortSignal): Promise<T> {
  const response = await send(path, { signal });
  const parsed = schema.safeParse(
    await response
      .clone()
      .json()
      .catch(() => null),
  );
  if (parsed.success) return parsed.data;
  throw new ProblemError(await readProblem(response));
}

/** The text of a blob. Throws a ProblemError. */
export async function fetchText(path: string, signal?: AbortSignal): Promise<string> {
  const response = await send(path, { signal });
  if (response.ok) return response.text();
  throw new ProblemError(await readProblem(response));
}

async function send(path: string, { post, signal }: { post?: unknown; signal?: AbortSignal }): Promise<Response> {
  const isForm = post instanceof FormData;
  try {
    return await fetch(path, {
      method: post === undefined ? 'GET' : 'POST',
      headers: post === undefined || isForm ? undefined : { 'content-type': 'application/json' },
      body: post === undefined ? undefined : isForm ? post : JSON.stringify(post),
      signal,
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ProblemError(unreachable, cause);
  }
}

const unreachable: Problem = {
  type: 'about:blank',
  title: 'Server not reached',
  status: 0,
  code: 'unreachable',
  detail: 'The server cannot be reached. Check that it runs, then try again.',
};

async function readProblem(response: Response): Promise<Problem> {
  const parsed = problemSchema.safeParse(await response.json().catch(() => null));
  if (parsed.success) return parsed.data;
  return {
    type: 'about:blank',
    title: response.statusText,
    status: response.status,
    code: 'unknown',
    detail: `The server answered ${response.status}. Look into its log, then try again.`,
  };
}

/** Widths that the API makes thumbnails of. */
export const thumbnailWidths = [64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536] as const;

export function blobUrl(id: string, width?: (typeof thumbnailWidths)[number]): string {
  return width === undefined ? `/v1/blobs/${id}` : `/v1/blobs/${id}?w=${width}`;
}

export function jobUrl(id: string): string {
  return `/job?id=${encodeURIComponent(id)}`;
}

export function problemOf(error: unknown): Problem {
  return error instanceof ProblemError ? error.problem : { ...unreachable, code: 'unknown', detail: String(error) };
}

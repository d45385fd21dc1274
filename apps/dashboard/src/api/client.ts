import { ApiError, Client } from '@pentimento/client';
import type { Problem, ThumbnailWidth } from '@pentimento/contracts';

/** The API of the server that serves this page. */
export const api = new Client();

export const blobUrl = (id: string, width?: ThumbnailWidth): string => api.blobUrl(id, width);

export function jobUrl(id: string): string {
  return `/job?id=${encodeURIComponent(id)}`;
}

export function datasetUrl(id: string): string {
  return `/datasets?id=${encodeURIComponent(id)}`;
}

/** What to show of any error: a problem with a sentence. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem;
  return { type: 'about:blank', title: 'Unexpected error', status: 0, code: 'unknown', detail: String(error) };
}

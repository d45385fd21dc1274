import { queryOptions } from '@tanstack/react-query';
import {
  healthSchema,
  promptSchema,
  type Candidate,
  type Iteration,
  type Job,
  type JobEvent,
  type ModelPage,
  type Prompt,
  type RendererState,
} from '@pentimento/contracts';
import { blobUrl, fetchAny, fetchJson, fetchText } from './client.ts';

export interface Example {
  id: string;
  file: string;
  language: RendererState['language'];
  hard: string;
  image: string;
  width: number;
  height: number;
}

const never = { staleTime: Infinity, gcTime: 10 * 60_000 } as const;

export const jobQuery = (id: string) =>
  queryOptions({
    queryKey: ['job', id],
    queryFn: ({ signal }) => fetchJson<Job>(`/v1/jobs/${encodeURIComponent(id)}`, { signal }),
  });

export const iterationsQuery = (id: string) =>
  queryOptions({
    queryKey: ['iterations', id],
    queryFn: async ({ signal }) =>
      (await fetchJson<{ data: Iteration[] }>(`/v1/jobs/${id}/iterations`, { signal })).data,
  });

export const candidatesQuery = (id: string) =>
  queryOptions({
    queryKey: ['candidates', id],
    queryFn: async ({ signal }) =>
      (await fetchJson<{ data: Candidate[] }>(`/v1/jobs/${id}/candidates`, { signal })).data,
  });

/** Filled by the event stream alone. */
export const eventsKey = (id: string) => ['events', id] as const;
export type JobEvents = readonly JobEvent[];

export const modelsQuery = queryOptions({
  queryKey: ['models'],
  queryFn: ({ signal }) => fetchJson<ModelPage>('/v1/models', { signal }),
});

export const languagesQuery = queryOptions({
  queryKey: ['languages'],
  queryFn: async ({ signal }) => (await fetchJson<{ data: RendererState[] }>('/v1/languages', { signal })).data,
});

export const examplesQuery = queryOptions({
  queryKey: ['examples'],
  queryFn: async ({ signal }) => (await fetchJson<{ data: Example[] }>('/v1/examples', { signal })).data,
  ...never,
});

export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: ({ signal }) => fetchAny('/readyz', healthSchema, signal),
});

export const textBlobQuery = (id: string) =>
  queryOptions({ queryKey: ['text', id], queryFn: ({ signal }) => fetchText(blobUrl(id), signal), ...never });

export const promptQuery = (id: string) =>
  queryOptions({
    queryKey: ['prompt', id],
    queryFn: async ({ signal }): Promise<Prompt> => promptSchema.parse(await fetchJson(blobUrl(id), { signal })),
    ...never,
  });

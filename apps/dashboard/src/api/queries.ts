import { queryOptions, skipToken } from '@tanstack/react-query';
import { promptSchema, type JobEvent, type PreviewExportInput, type Prompt } from '@pentimento/contracts';
import { api } from './client.ts';

const immutable = { staleTime: Infinity, gcTime: 10 * 60_000 } as const;

export const jobQuery = (id: string) =>
  queryOptions({ queryKey: ['job', id], queryFn: ({ signal }) => api.getJob(id, { signal }) });

export const iterationsQuery = (id: string) =>
  queryOptions({ queryKey: ['iterations', id], queryFn: ({ signal }) => api.listIterations(id, { signal }) });

export const candidatesQuery = (id: string) =>
  queryOptions({ queryKey: ['candidates', id], queryFn: ({ signal }) => api.listCandidates(id, { signal }) });

/** Asked for again after each iteration. */
export const forecastQuery = (id: string, iterations: number) =>
  queryOptions({
    queryKey: ['forecast', id, iterations],
    queryFn: ({ signal }) => api.getForecast(id, { signal }),
    placeholderData: (before) => before,
  });

export const judgmentsQuery = (jobId: string) =>
  queryOptions({ queryKey: ['judgments', jobId], queryFn: ({ signal }) => api.listJudgments(jobId, { signal }) });

export const interventionsQuery = (jobId: string) =>
  queryOptions({
    queryKey: ['interventions', jobId],
    queryFn: ({ signal }) => api.listInterventions(jobId, { signal }),
  });

/** Filled by the event stream alone. */
export const eventsKey = (id: string) => ['events', id] as const;
export type JobEvents = readonly JobEvent[];

/** Filled by the event stream too. */
export const partialRepliesKey = (jobId: string) => ['partial replies', jobId] as const;

export const modelsQuery = queryOptions({
  queryKey: ['models'],
  queryFn: ({ signal }) => api.listModels({ signal }),
});

export const languagesQuery = queryOptions({
  queryKey: ['languages'],
  queryFn: ({ signal }) => api.listLanguages({ signal }),
});

export const rewardTermsQuery = queryOptions({
  queryKey: ['reward-terms'],
  queryFn: ({ signal }) => api.listRewardTerms({ signal }),
  ...immutable,
});

export const rewardVersionsQuery = queryOptions({
  queryKey: ['reward versions'],
  queryFn: ({ signal }) => api.listRewardVersions({ signal }),
});

export const examplesQuery = queryOptions({
  queryKey: ['examples'],
  queryFn: ({ signal }) => api.listExamples({ signal }),
  ...immutable,
});

export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: ({ signal }) => api.readyz({ signal }),
});

export const exportFormatsQuery = queryOptions({
  queryKey: ['export formats'],
  queryFn: ({ signal }) => api.listExportFormats({ signal }),
  ...immutable,
});

/** Of the list of exports, which is read page by page. */
export const exportsKey = ['exports'] as const;

export const exportQuery = (id: string) =>
  queryOptions({ queryKey: ['export', id], queryFn: ({ signal }) => api.getExport(id, { signal }) });

/** Aborted once it is no longer wanted. Null asks for nothing. */
export const exportPreviewQuery = (request: PreviewExportInput | null) =>
  queryOptions({
    queryKey: ['export preview', request],
    queryFn: request ? ({ signal }) => api.previewExport(request, { signal }) : skipToken,
  });

export const textBlobQuery = (id: string) =>
  queryOptions({ queryKey: ['text', id], queryFn: ({ signal }) => readText(id, signal), ...immutable });

export const promptQuery = (id: string) =>
  queryOptions({
    queryKey: ['prompt', id],
    queryFn: async ({ signal }): Promise<Prompt> => promptSchema.parse(JSON.parse(await readText(id, signal))),
    ...immutable,
  });

const readText = async (blob: string, signal: AbortSignal): Promise<string> =>
  new TextDecoder().decode(await api.getBlob(blob, { signal }));

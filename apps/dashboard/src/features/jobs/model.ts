import {
  isFinal,
  type Job,
  type JobKind,
  jobKinds,
  type JobStatus,
  jobStatuses,
  type Language,
  languageSchema,
  type Tag,
  tagSchema,
  tagSet,
} from '@pentimento/contracts';

export interface Filters {
  status: JobStatus | null;
  /** Null: refinements, as the API lists them. */
  kind: JobKind | null;
  language: Language | null;
  model: string | null;
  tag: Tag | null;
  search: string;
}

export const noFilters: Filters = { status: null, kind: null, language: null, model: null, tag: null, search: '' };

export function parseFilters(query: URLSearchParams): Filters {
  return {
    status: jobStatuses.find((status) => status === query.get('status')) ?? null,
    kind: jobKinds.find((kind) => kind === query.get('kind')) ?? null,
    language: languageSchema.safeParse(query.get('language')).data ?? null,
    model: query.get('model') || null,
    tag: tagSchema.safeParse(query.get('tag')).data ?? null,
    search: query.get('search') ?? '',
  };
}

/** As query parameters, the same in the page's address and in the API's. */
export function writeFilters({ status, kind, language, model, tag, search }: Filters): URLSearchParams {
  const entries = { status, kind, language, model, tag, search: search.trim() };
  return new URLSearchParams(Object.entries(entries).filter((entry): entry is [string, string] => Boolean(entry[1])));
}

export function hasFilters(filters: Filters): boolean {
  return writeFilters(filters).size > 0;
}

/** The tags to choose from: those of the listed jobs, and the chosen one. */
export function tagChoices(rows: readonly Pick<Job, 'tags'>[], chosen: Tag | null): Tag[] {
  return tagSet([...rows.flatMap((job) => job.tags), ...(chosen === null ? [] : [chosen])]);
}

/**
 * The listed rows, each in its current state. Jobs newer than the list are only counted (`fresh`), so that nothing moves under the
 * pointer until the list is reloaded.
 */
export function mergeJobs(
  listed: readonly Job[],
  newest: readonly Job[],
  watched: readonly Job[],
): { rows: Job[]; fresh: number } {
  const now = new Map([...watched, ...newest].map((job) => [job.id, job]));
  const known = new Set(listed.map((job) => job.id));
  const since = listed[0]?.createdAt ?? '';
  return {
    rows: listed.map((job) => now.get(job.id) ?? job),
    fresh: newest.filter((job) => !known.has(job.id) && job.createdAt >= since).length,
  };
}

/** Listed jobs that may still change and that the newest page does not include. */
export function unwatched(rows: readonly Job[], newest: readonly Job[], limit: number): string[] {
  const held = new Set(newest.map((job) => job.id));
  return rows
    .filter((job) => !isFinal(job.status) && !held.has(job.id))
    .slice(0, limit)
    .map((job) => job.id);
}

/** Gain of the best score over the first; null while there is nothing to compare. */
export function gainOf(job: Pick<Job, 'best' | 'scores'>): number | null {
  const [first, second] = job.scores.filter((score) => score !== null);
  return job.best && first !== undefined && second !== undefined ? job.best.overall - first : null;
}

/** The id before or after the selected one; the first where none is selected. */
export function neighbor(ids: readonly string[], selected: string | null, by: 1 | -1): string | null {
  const at = selected === null ? -1 : ids.indexOf(selected);
  if (at < 0) return ids[0] ?? null;
  return ids[Math.min(ids.length - 1, Math.max(0, at + by))] ?? null;
}

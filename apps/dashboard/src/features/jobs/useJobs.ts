'use client';

import { keepPreviousData, useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query';
import type { Job, JobPage } from '@pentimento/contracts';
import { useMemo } from 'react';
import { api } from '../../api/client.ts';
import { jobQuery } from '../../api/queries.ts';
import { mergeJobs, unwatched, writeFilters, type Filters } from './model.ts';

const pageSize = 50;
const pollMs = 3000;
const maxWatched = 20;

export interface Listing {
  rows: Job[];
  /** How many jobs are newer than the list. */
  fresh: number;
  counts: JobPage['counts'] | undefined;
  loading: boolean;
  error: unknown;
  /** Why the rows are not up to date, if they are not. */
  stale: unknown;
  hasMore: boolean;
  loadingMore: boolean;
  loadMore: () => void;
  /** Reloads the list, including the newer jobs. */
  reload: () => void;
}

/** The jobs under some filters: a list that keeps its order and is updated in place every few seconds. */
export function useJobs(filters: Filters): Listing {
  const key = writeFilters(filters).toString();
  const list = useInfiniteQuery({
    queryKey: ['jobs', key],
    queryFn: ({ pageParam, signal }) => fetchPage(key, pageParam, signal),
    initialPageParam: '',
    getNextPageParam: (page: JobPage) => page.nextCursor,
    staleTime: Infinity,
    refetchOnMount: 'always',
    refetchOnWindowFocus: false,
    placeholderData: keepPreviousData,
  });
  const newest = useQuery({
    queryKey: ['newest jobs', key],
    queryFn: ({ signal }) => fetchPage(key, '', signal),
    refetchInterval: pollMs,
    enabled: list.isSuccess,
  });
  const listed = useMemo(() => list.data?.pages.flatMap((page) => page.data) ?? [], [list.data]);
  const head = newest.data?.data ?? [];
  const watched = useQueries({
    queries: unwatched(listed, head, newest.data ? maxWatched : 0).map((id) => ({
      ...jobQuery(id),
      refetchInterval: pollMs,
    })),
    combine: (results) => results.flatMap((result) => result.data ?? []),
  });
  return {
    ...mergeJobs(listed, list.isPlaceholderData ? [] : head, watched),
    counts: newest.data?.counts ?? list.data?.pages[0]?.counts,
    loading: list.isPending,
    error: list.error,
    stale: newest.error,
    hasMore: list.hasNextPage,
    loadingMore: list.isFetchingNextPage,
    loadMore: () => void list.fetchNextPage(),
    reload: () => void list.refetch(),
  };
}

function fetchPage(filters: string, cursor: string, signal: AbortSignal): Promise<JobPage> {
  return api.listJobs({ ...Object.fromEntries(new URLSearchParams(filters)), limit: pageSize, cursor }, { signal });
}

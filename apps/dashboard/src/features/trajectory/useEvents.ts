'use client';

import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { UnexpectedReplyError } from '@pentimento/client';
import { isFinal, type JobEvent, type PartialReply } from '@pentimento/contracts';
import { useEffect, useState } from 'react';
import { api } from '../../api/client.ts';
import {
  candidatesQuery,
  eventsKey,
  interventionsQuery,
  iterationsQuery,
  jobQuery,
  partialRepliesKey,
  type JobEvents,
} from '../../api/queries.ts';
import { appendEvents, patchJob } from './live.ts';
import { refetch } from './refetch.ts';

/** `outdated`: the page cannot parse what the server sends, so it must be reloaded. */
export type Connection = 'connecting' | 'live' | 'reconnecting' | 'done' | 'outdated';

const gatherMs = 50;
/** Wait before a stream that the server refuses is asked for again. */
const refusedWaitMs = 15_000;

/** The job's events, kept in the query cache and fed by the stream. A lost connection continues after the last event. */
export function useEvents(id: string): { events: JobEvents; connection: Connection } {
  const client = useQueryClient();
  const [connection, setConnection] = useState<Connection>('connecting');
  const [opened, setOpened] = useState(0);
  const { data: events = [] } = useQuery<JobEvents>({
    queryKey: eventsKey(id),
    queryFn: () => [],
    enabled: false,
    gcTime: Infinity,
  });
  const { data: job } = useQuery(jobQuery(id));
  useEffect(() => follow(client, id, setConnection), [client, id, opened]);

  const resumed = connection === 'done' && job && !isFinal(job.status);
  useEffect(() => {
    if (!resumed) return;
    const timer = setTimeout(() => setOpened((times) => times + 1), 500);
    return () => clearTimeout(timer);
  }, [resumed]);
  return { events, connection };
}

/** Streams until the job is done, or until the returned function is called. */
function follow(client: QueryClient, id: string, onConnection: (connection: Connection) => void): () => void {
  const leaving = new AbortController();
  const { signal } = leaving;
  let gathering: ReturnType<typeof setTimeout> | undefined;
  const arrived: JobEvent[] = [];

  const flush = () => {
    clearTimeout(gathering);
    gathering = undefined;
    store(client, id, arrived.splice(0));
  };
  const stream = async (): Promise<Connection> => {
    const after = client.getQueryData<JobEvents>(eventsKey(id))?.at(-1)?.seq ?? 0;
    const onOpen = () => onConnection('live');
    const onRetry = () => onConnection('reconnecting');
    const onPartialReplies = (replies: readonly PartialReply[]) => client.setQueryData(partialRepliesKey(id), replies);
    const options = { signal, after, attempts: Infinity, onOpen, onRetry, onPartialReplies };
    try {
      for await (const event of api.tailEvents(id, options)) {
        arrived.push(event);
        gathering ??= setTimeout(flush, gatherMs);
      }
      onPartialReplies([]);
      return 'done';
    } catch (error) {
      return error instanceof UnexpectedReplyError ? 'outdated' : 'reconnecting';
    } finally {
      if (!signal.aborted) flush();
    }
  };
  const run = async () => {
    for (;;) {
      const connection = await stream();
      if (signal.aborted) return;
      onConnection(connection);
      if (connection !== 'reconnecting') return;
      await new Promise((resolve) => setTimeout(resolve, refusedWaitMs));
    }
  };
  void run();
  return () => {
    leaving.abort();
    clearTimeout(gathering);
  };
}

/** Adds events to the cache and fetches again what they announce. */
function store(client: QueryClient, id: string, batch: readonly JobEvent[]): void {
  const known = client.getQueryData<JobEvents>(eventsKey(id)) ?? [];
  const { events, added } = appendEvents(known, batch);
  if (added.length === 0) return;
  client.setQueryData<JobEvents>(eventsKey(id), events);
  // The first events are history, which the job as fetched already includes.
  if (known.length > 0) client.setQueryData(jobQuery(id).queryKey, (job) => job && added.reduce(patchJob, job));
  refresh(client, id, added, known.length === 0);
}

/** Fetches one more iteration alone: a long trajectory is not fetched again for each. */
async function fetchIterations(client: QueryClient, id: string, stored: number, newest: number): Promise<void> {
  const { queryKey } = iterationsQuery(id);
  if (stored === 0 || newest !== stored) return refetch(client, queryKey);
  try {
    const iteration = await api.getIteration(id, newest);
    client.setQueryData(queryKey, (known) => (known?.length === newest ? [...known, iteration] : known));
  } catch {
    return refetch(client, queryKey);
  }
}

function refresh(client: QueryClient, id: string, added: readonly JobEvent[], first: boolean): void {
  const finished = added.findLast((event) => event.type === 'iteration.finished');
  const stored = client.getQueryData(iterationsQuery(id).queryKey)?.length ?? 0;
  if (finished && finished.data.iteration >= stored) void fetchIterations(client, id, stored, finished.data.iteration);
  if (added.at(-1)?.type === 'candidate.finished') void refetch(client, candidatesQuery(id).queryKey);
  // A round that begins decides what holds for it.
  if (added.some(({ type }) => type.startsWith('intervention.') || type === 'iteration.started')) {
    void refetch(client, interventionsQuery(id).queryKey);
  }
  if (first || finished || added.some((event) => event.type.startsWith('job.'))) {
    void refetch(client, jobQuery(id).queryKey);
  }
}

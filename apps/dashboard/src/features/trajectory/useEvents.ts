'use client';

import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { eventTypes, isFinal, parseEvent, type Iteration, type JobEvent } from '@pentimento/contracts';
import { useEffect, useState } from 'react';
import { fetchJson } from '../../api/client.ts';
import { candidatesQuery, eventsKey, iterationsQuery, jobQuery, type JobEvents } from '../../api/queries.ts';
import { appendEvents, patchJob } from './live.ts';
import { refetch } from './refetch.ts';

/** `outdated`: the server sends what this page cannot read, so it must be loaded again. */
export type Connection = 'connecting' | 'live' | 'reconnecting' | 'done' | 'outdated';

const gatherMs = 50;
const longestWait = 15_000;

/** The job's events, kept in the query cache and fed by the stream. Lost connections go on after the last event. */
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

/** Streams until the job is done, or until the function that it gives back is called. */
function follow(client: QueryClient, id: string, onConnection: (connection: Connection) => void): () => void {
  let source: EventSource | null = null;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let gathering: ReturnType<typeof setTimeout> | undefined;
  let arrived: JobEvent[] = [];

  const stop = () => {
    source?.close();
    clearTimeout(timer);
    clearTimeout(gathering);
  };
  const reopen = (wait: number) => {
    source?.close();
    clearTimeout(timer);
    onConnection('reconnecting');
    timer = setTimeout(open, wait);
  };
  const flush = () => {
    clearTimeout(gathering);
    gathering = undefined;
    const batch = arrived;
    arrived = [];
    if (store(client, id, batch) === 'gap') reopen(gatherMs);
  };
  const receive = (message: MessageEvent<string>) => {
    try {
      arrived.push(parseEvent(JSON.parse(message.data)));
    } catch {
      stop();
      onConnection('outdated');
      return;
    }
    gathering ??= setTimeout(flush, gatherMs);
  };
  const open = () => {
    const last = client.getQueryData<JobEvents>(eventsKey(id))?.at(-1)?.seq ?? 0;
    source = new EventSource(`/v1/jobs/${encodeURIComponent(id)}/events?after=${last}`);
    source.onopen = () => {
      failures = 0;
      onConnection('live');
    };
    source.onerror = () => {
      if (source?.readyState !== EventSource.CLOSED) onConnection('reconnecting');
      // The server has nothing to add to a job that has ended, and says so without a stream.
      else if (client.getQueryData<JobEvents>(eventsKey(id))?.at(-1)?.type === 'job.finished') onConnection('done');
      else reopen(Math.min(longestWait, 1000 * 2 ** failures++));
    };
    for (const type of eventTypes) source.addEventListener(type, receive);
    source.addEventListener('done', () => {
      flush();
      stop();
      onConnection('done');
    });
  };
  open();
  return stop;
}

/** Puts events into the cache and has fetched again what they only name. */
function store(client: QueryClient, id: string, batch: readonly JobEvent[]): 'stored' | 'gap' {
  const known = client.getQueryData<JobEvents>(eventsKey(id)) ?? [];
  const { events, added, gap } = appendEvents(known, batch);
  if (added.length > 0) {
    client.setQueryData<JobEvents>(eventsKey(id), events);
    // What comes first is history, which the job as fetched already holds.
    if (known.length > 0) client.setQueryData(jobQuery(id).queryKey, (job) => job && added.reduce(patchJob, job));
    refresh(client, id, added, known.length === 0);
  }
  return gap ? 'gap' : 'stored';
}

/** One more iteration is fetched alone: a long trajectory is not fetched again as a whole for each. */
async function fetchIterations(client: QueryClient, id: string, stored: number, newest: number): Promise<void> {
  const { queryKey } = iterationsQuery(id);
  if (stored === 0 || newest !== stored) return refetch(client, queryKey);
  try {
    const iteration = await fetchJson<Iteration>(`/v1/jobs/${encodeURIComponent(id)}/iterations/${newest}`);
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
  if (first || finished || added.some((event) => event.type.startsWith('job.'))) {
    void refetch(client, jobQuery(id).queryKey);
  }
}

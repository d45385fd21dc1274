import { isFinal, type EventData, type Job, type JobEvent, type Stage } from '@pentimento/contracts';

export interface PendingCandidate {
  stage: Stage | null;
  /** Overall score once it is finished; null where nothing rendered. */
  finished: { overall: number; failed: boolean } | null;
}

/** The iteration in progress. */
export interface Pending {
  index: number;
  kind: EventData<'iteration.started'>['kind'];
  candidates: PendingCandidate[];
  /** Why the model call waits, where it does. */
  waiting: string | null;
  since: string;
}

/** Adds the events after the last known one; the same list where there are none. `arrived` is in sequence. */
export function appendEvents(
  known: readonly JobEvent[],
  arrived: readonly JobEvent[],
): { events: readonly JobEvent[]; added: readonly JobEvent[] } {
  const last = known.at(-1)?.seq ?? 0;
  const added = arrived.filter((event) => event.seq > last);
  return { events: added.length > 0 ? [...known, ...added] : known, added };
}

/** The iteration in progress after these events; null where there is none. */
export function pendingOf(events: readonly JobEvent[]): Pending | null {
  return events.reduce<Pending | null>(advance, null);
}

function advance(pending: Pending | null, event: JobEvent): Pending | null {
  switch (event.type) {
    case 'iteration.started':
      return {
        index: event.data.iteration,
        kind: event.data.kind,
        candidates: Array.from({ length: event.data.candidates }, () => ({ stage: null, finished: null })),
        waiting: null,
        since: event.at,
      };
    case 'candidate.stage': {
      const { stage } = event.data;
      return (
        pending && {
          ...changed(pending, event.data.candidate, (candidate) => ({ ...candidate, stage })),
          waiting: null,
        }
      );
    }
    case 'call.retried':
      return pending && { ...pending, waiting: event.data.reason };
    case 'candidate.finished': {
      const finished = { overall: event.data.overall, failed: event.data.failure !== null };
      return pending && changed(pending, event.data.candidate, () => ({ stage: null, finished }));
    }
    case 'iteration.finished':
    case 'job.finished':
    case 'job.queued':
      return null;
    case 'job.started':
    case 'job.canceling':
      return pending;
  }
}

function changed(pending: Pending, index: number, change: (candidate: PendingCandidate) => PendingCandidate): Pending {
  return {
    ...pending,
    candidates: pending.candidates.map((candidate, at) => (at === index ? change(candidate) : candidate)),
  };
}

/** The job after an event, as far as the event tells; the rest is fetched again. */
export function patchJob(job: Job, event: JobEvent): Job {
  switch (event.type) {
    case 'job.queued':
      return {
        ...job,
        status: 'queued',
        outcome: null,
        stopReason: null,
        stopDetail: null,
        error: null,
        finishedAt: null,
      };
    case 'job.started':
      return { ...job, status: 'running', startedAt: job.startedAt ?? event.at };
    case 'job.canceling':
      return isFinal(job.status) ? job : { ...job, status: 'canceling' };
    case 'job.finished': {
      const { status, outcome, stopReason, detail } = event.data;
      return { ...job, status, outcome, stopReason, stopDetail: detail, finishedAt: event.at };
    }
    case 'iteration.finished': {
      const scores = [...job.scores];
      scores[event.data.iteration] = event.data.score;
      return { ...job, scores: Array.from(scores, (score) => score ?? null) };
    }
    default:
      return job;
  }
}

const stageWords: Record<Stage, string> = { model: 'asking the model', render: 'drawing', reward: 'scoring' };

export const stageWord = (stage: Stage): string => stageWords[stage];

/** What the pending iteration is doing, in a few words. */
export function pendingWords(pending: Pending): string {
  if (pending.waiting) return 'waiting for the model';
  const total = pending.candidates.length;
  const done = pending.candidates.filter((candidate) => candidate.finished).length;
  const stage = pending.candidates.find((candidate) => candidate.stage)?.stage;
  const words = stage ? stageWords[stage] : done === total ? 'comparing' : 'starting';
  return total > 1 ? `${words} ${done}/${total}` : words;
}

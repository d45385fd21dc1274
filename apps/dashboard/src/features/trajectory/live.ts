import { isFinal, type EventData, type Job, type JobEvent, type Stage } from '@pentimento/contracts';

interface PendingCandidate {
  stage: Stage | null;
  /** Overall score once it is finished; null where nothing rendered. */
  finished: { overall: number; failed: boolean } | null;
}

/** An iteration in progress. */
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

/** The iterations in progress after these events, by index. The groups of a round run at the same time. */
export function pendingOf(events: readonly JobEvent[]): readonly Pending[] {
  return events.reduce<readonly Pending[]>(advance, []);
}

function advance(pending: readonly Pending[], event: JobEvent): readonly Pending[] {
  switch (event.type) {
    case 'iteration.started':
      return [...without(pending, event.data.iteration), startOf(event.data, event.at)];
    case 'candidate.stage': {
      const { iteration, candidate, stage } = event.data;
      return change(pending, iteration, (frame) => ({
        ...withCandidate(frame, candidate, (known) => ({ ...known, stage })),
        waiting: null,
      }));
    }
    case 'call.retried':
      return change(pending, event.data.iteration, (frame) => ({ ...frame, waiting: event.data.reason }));
    case 'candidate.finished': {
      const { iteration, candidate, overall, failure } = event.data;
      const finished = { overall, failed: failure !== null };
      return change(pending, iteration, (frame) => withCandidate(frame, candidate, () => ({ stage: null, finished })));
    }
    case 'iteration.finished':
      return without(pending, event.data.iteration);
    case 'job.finished':
    case 'job.queued':
      return [];
    case 'job.waiting':
      return change(pending, event.data.iteration, (frame) => ({ ...frame, waiting: 'The caller has the prompt.' }));
    case 'job.started':
    case 'job.canceling':
    case 'intervention.created':
    case 'intervention.withdrawn':
      return pending;
  }
}

function startOf({ iteration, kind, candidates }: EventData<'iteration.started'>, at: string): Pending {
  const waiting = Array.from({ length: candidates }, () => ({ stage: null, finished: null }));
  return { index: iteration, kind, candidates: waiting, waiting: null, since: at };
}

function without(pending: readonly Pending[], index: number): readonly Pending[] {
  return pending.filter((frame) => frame.index !== index);
}

function change(pending: readonly Pending[], index: number, changed: (frame: Pending) => Pending): readonly Pending[] {
  return pending.map((frame) => (frame.index === index ? changed(frame) : frame));
}

function withCandidate(
  pending: Pending,
  index: number,
  changed: (candidate: PendingCandidate) => PendingCandidate,
): Pending {
  const candidates = pending.candidates.map((candidate, at) => (at === index ? changed(candidate) : candidate));
  return { ...pending, candidates };
}

/** The job after an event, as far as the event says; the rest is fetched again. */
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
    case 'job.waiting':
      return { ...job, status: 'waiting' };
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

/** What an iteration in progress is doing, in a few words. */
export function pendingWords(pending: Pending): string {
  if (pending.waiting) return 'waiting for the model';
  const total = pending.candidates.length;
  const done = pending.candidates.filter((candidate) => candidate.finished).length;
  const stage = pending.candidates.find((candidate) => candidate.stage)?.stage;
  const words = stage ? stageWords[stage] : done === total ? 'comparing' : 'starting';
  return total > 1 ? `${words} ${done}/${total}` : words;
}

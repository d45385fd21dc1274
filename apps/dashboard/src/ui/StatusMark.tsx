import type { JobStatus, Outcome, StopReason } from '@pentimento/contracts';

const words: Record<JobStatus, string> = {
  queued: 'Queued',
  running: 'Running',
  waiting: 'Waiting',
  canceling: 'Canceling',
  succeeded: 'Succeeded',
  failed: 'Failed',
  canceled: 'Canceled',
};

const outcomeWords: Record<Outcome, string> = {
  threshold_met: 'threshold met',
  best_effort: 'best effort',
  nothing_rendered: 'nothing rendered',
};

const stopWords: Record<StopReason, string> = {
  threshold: 'reached the threshold',
  max_iterations: 'all iterations done',
  plateau: 'no more gain',
  budget: 'budget spent',
  timeout: 'out of time',
  user: 'canceled',
  error: 'error',
};

export const statusWord = (status: JobStatus): string => words[status];
export const outcomeWord = (outcome: Outcome): string => outcomeWords[outcome];
export const stopWord = (reason: StopReason): string => stopWords[reason];

/** One shape per status, so that it is recognizable without color. The accent marks what is live. */
export function StatusShape({ status, outcome = null }: { status: JobStatus; outcome?: Outcome | null }) {
  const live = status === 'running' || status === 'waiting' || status === 'canceling';
  return (
    <svg
      viewBox="0 0 12 12"
      width={12}
      height={12}
      aria-hidden
      className={live ? 'shrink-0 text-accent' : 'shrink-0 text-ink'}
      fill="none"
      stroke="currentColor"
      strokeWidth={1.5}
    >
      {status === 'succeeded' && outcome === 'best_effort' ? halfway : shapes[status]}
    </svg>
  );
}

const shapes: Record<JobStatus, React.ReactNode> = {
  queued: <circle cx={6} cy={6} r={4.5} strokeDasharray="2 1.5" />,
  running: (
    <>
      <circle cx={6} cy={6} r={4.75} />
      <circle cx={6} cy={6} r={2} fill="currentColor" />
    </>
  ),
  waiting: (
    <>
      <circle cx={6} cy={6} r={4.75} />
      <path d="M6 3v3h2.5" />
    </>
  ),
  canceling: (
    <>
      <circle cx={6} cy={6} r={4.75} />
      <path d="M4 6h4" />
    </>
  ),
  succeeded: <path d="M2 6.5 5 9.5 10.5 3" strokeWidth={1.8} />,
  failed: <path d="M2.5 2.5l7 7M9.5 2.5l-7 7" strokeWidth={1.8} />,
  canceled: <rect x={2.5} y={2.5} width={7} height={7} />,
};

/** Succeeded, but below the threshold. */
const halfway = (
  <>
    <circle cx={6} cy={6} r={4.75} />
    <path d="M6 1.25a4.75 4.75 0 0 0 0 9.5z" fill="currentColor" stroke="none" />
  </>
);

export function StatusMark({ status, outcome }: { status: JobStatus; outcome?: Outcome | null }) {
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap" data-testid="status" data-status={status}>
      <StatusShape status={status} outcome={outcome} />
      {words[status]}
    </span>
  );
}

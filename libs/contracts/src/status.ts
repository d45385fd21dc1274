import { z } from 'zod';

/** refinement: the replies come from a model that the loop calls; environment: from a caller that steps through the loop. */
export const jobKinds = ['refinement', 'environment'] as const;
export const jobKindSchema = z.enum(jobKinds).meta({ id: 'JobKind' });
export type JobKind = z.infer<typeof jobKindSchema>;

/** `waiting`: an episode whose caller has the prompt and is to send the reply. */
export const jobStatuses = ['queued', 'running', 'waiting', 'canceling', 'succeeded', 'failed', 'canceled'] as const;
export const jobStatusSchema = z.enum(jobStatuses).meta({ id: 'JobStatus' });
export type JobStatus = z.infer<typeof jobStatusSchema>;

/** What a job that has ended achieved. Separate from the status: a job can succeed without meeting its threshold. */
export const outcomes = ['threshold_met', 'best_effort', 'nothing_rendered'] as const;
export const outcomeSchema = z.enum(outcomes).meta({ id: 'Outcome' });
export type Outcome = z.infer<typeof outcomeSchema>;

/** Why the loop stopped. `budget` is tokens or money; `timeout` is the job's own `maxSeconds`. */
export const stopReasons = ['threshold', 'max_iterations', 'plateau', 'budget', 'timeout', 'user', 'error'] as const;
export const stopReasonSchema = z.enum(stopReasons).meta({ id: 'StopReason' });
export type StopReason = z.infer<typeof stopReasonSchema>;

interface StatusTraits {
  final: boolean;
  cancelable: boolean;
  retryable: boolean;
}

const traits: Record<JobStatus, StatusTraits> = {
  queued: { final: false, cancelable: true, retryable: false },
  running: { final: false, cancelable: true, retryable: false },
  waiting: { final: false, cancelable: true, retryable: false },
  canceling: { final: false, cancelable: true, retryable: false },
  succeeded: { final: true, cancelable: false, retryable: false },
  failed: { final: true, cancelable: false, retryable: true },
  canceled: { final: true, cancelable: false, retryable: true },
};

export const isFinal = (status: JobStatus): boolean => traits[status].final;
export const isCancelable = (status: JobStatus): boolean => traits[status].cancelable;
/** The replies of an episode come from its caller, so that nothing here could go on with it. */
export const isRetryable = ({ kind, status }: { kind: JobKind; status: JobStatus }): boolean =>
  kind === 'refinement' && traits[status].retryable;

/** The final status of a job: a job without any render has failed, whatever stopped it. */
export function statusAfter(reason: StopReason, outcome: Outcome | null): 'succeeded' | 'failed' | 'canceled' {
  if (outcome === 'nothing_rendered') return 'failed';
  switch (reason) {
    case 'threshold':
    case 'max_iterations':
    case 'plateau':
    case 'budget':
    case 'timeout':
      return 'succeeded';
    case 'user':
      return 'canceled';
    case 'error':
      return 'failed';
  }
}

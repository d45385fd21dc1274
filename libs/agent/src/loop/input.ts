import type { Iteration, Job, JobError, Outcome, StopReason } from '@pentimento/contracts';
import type { Ports, TargetLanguage } from '../ports.ts';

export interface RefineInput {
  job: Pick<Job, 'id' | 'target' | 'model' | 'instructions' | 'initialCode' | 'policy' | 'budget' | 'spent'> & {
    language: TargetLanguage;
  };
  /** All finished iterations, in order: empty for a new job. */
  from: readonly Iteration[];
  /** The code comes from the project's own model alone, so it may be rendered behind weaker walls. */
  trusted: boolean;
  ports: Ports;
  /** Aborts with a `RefinementAborted`. */
  signal: AbortSignal;
}

/**
 * How a refinement ended. `lost`: another worker holds the job, nothing more was written. `interrupted`: this worker
 * shuts down and the job waits for another.
 */
export type Ending =
  | { kind: 'ended'; stopReason: StopReason; outcome: Outcome | null; detail: string; error: JobError | null }
  | { kind: 'lost' }
  | { kind: 'interrupted' };

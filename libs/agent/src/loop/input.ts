import type { Iteration, Job, ModelLimits, RefinementResult } from '@pentimento/contracts';
import type { LoopPorts, Ports, TargetLanguage } from '../ports.ts';
import type { PromptSet } from '../prompts/templates/index.ts';
import type { SearchStrategy } from '../search/strategy.ts';
import type { Steering } from './steering.ts';

/** What the loop needs, whoever writes the replies. */
export interface LoopInput {
  job: Pick<Job, 'id' | 'target' | 'model' | 'instructions' | 'initialCode' | 'policy' | 'budget' | 'spent'> & {
    language: TargetLanguage;
  };
  /** All finished iterations, in order: empty for a new job. */
  from: readonly Iteration[];
  /** The code comes from the project's own model alone, so it may be rendered in weaker isolation. */
  trusted: boolean;
  /** Where `job.policy.strategy` is looked up. */
  strategies: readonly SearchStrategy[];
  ports: LoopPorts;
  /** What a model's server takes in one request, as far as is known now. Default: no bound. */
  limits?(model: string): ModelLimits;
  /** Aborts with a `RefinementAborted`. */
  signal: AbortSignal;
}

export interface RefineInput extends LoopInput {
  ports: Ports;
}

/**
 * How the loop returns. `lost`: another worker holds the job's claim, and nothing more was written. `interrupted`: this worker is
 * shutting down, and another one continues the job.
 */
export type RefinementExit = ({ kind: 'ended' } & RefinementResult) | { kind: 'lost' } | { kind: 'interrupted' };

/** What one run of the loop works with. */
export interface Loop extends LoopInput {
  strategy: SearchStrategy;
  promptSet: PromptSet;
  /** Aborts also when the job's own time is over, and when the run has ended. */
  signal: AbortSignal;
  /** The same without the job's own time: for what a person asked for. */
  untimed: AbortSignal;
  /** What people want of the round. */
  steering: Steering;
  /** Seconds of work on the job so far, over all workers. */
  seconds: () => number;
}

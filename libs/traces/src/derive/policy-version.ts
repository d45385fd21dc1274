import type { Job, ModelCall } from '@pentimento/contracts';
import { modelTurnsOf } from './turns.ts';
import type { Trace } from '../trace.ts';

/**
 * The version of the policy that sampled a call: what the job says, else the version of the weights that the server reports, else the
 * server's own name of the model. Null where nobody says: strict on-policy filters leave such calls out.
 */
export const policyVersionOf = (job: Pick<Job, 'policyVersion'>, { served }: ModelCall): string | null =>
  job.policyVersion ?? served.weightVersion ?? served.model;

/** The policy versions of the first and the last call of a trace; null where there is none. */
export function policySpanOf(trace: Trace): { start: string | null; end: string | null } {
  const versions = modelTurnsOf(trace).map(({ candidate }) => policyVersionOf(trace.job, candidate.call));
  return { start: versions[0] ?? null, end: versions.at(-1) ?? null };
}

import type { Job } from '@pentimento/contracts';
import type { Store } from '@pentimento/store';
import { traceVersion, type Trace } from '@pentimento/traces';

/** The trace of a stored job. */
export async function storedTrace(store: Store, jobId: string): Promise<Trace> {
  const job = await store.getJob(jobId);
  if (!job) throw new Error(`There is no job ${jobId}.`);
  const traced: Omit<Job, 'links'> & Partial<Pick<Job, 'links'>> = { ...job };
  delete traced.links;
  return {
    traceVersion,
    job: traced,
    iterations: await store.listIterations(jobId),
    failedCalls: await store.listFailedCalls(jobId),
    rescores: await store.listRescores(jobId),
    judgments: await store.listJudgments(jobId),
    interventions: await store.listInterventions(jobId),
  };
}

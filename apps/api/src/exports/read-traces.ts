import { isFinal, type BlobId, type Job } from '@pentimento/contracts';
import type { Store, TraceSelection } from '@pentimento/store';
import { traceVersion, type Trace } from '@pentimento/traces';

const idsAtOnce = 200;

/** The traces of a selection by job id, which grows with time. One trace and a page of ids are in memory. */
export async function* readTraces(store: Store, selection: TraceSelection): AsyncGenerator<Trace> {
  for (let after = ''; ;) {
    const ids = await store.exports.listTraceJobs(selection, after, idsAtOnce);
    for (const id of ids) {
      const trace = await readTrace(store, id, selection);
      if (trace) yield trace;
    }
    if (ids.length < idsAtOnce) return;
    after = ids.at(-1)!;
  }
}

/** The targets of a selection, each once, by id. */
export async function* readTargets(store: Store, selection: TraceSelection): AsyncGenerator<BlobId> {
  for (let after = ''; ;) {
    const targets = await store.exports.listTargets(selection, after, idsAtOnce);
    yield* targets;
    if (targets.length < idsAtOnce) return;
    after = targets.at(-1)!;
  }
}

/** The job is read last: null where it was deleted or has been retried meanwhile, so that it is not in the selection any more. */
async function readTrace(store: Store, id: string, { endedBy }: TraceSelection): Promise<Trace | null> {
  const iterations = await store.listIterations(id);
  const failedCalls = await store.listFailedCalls(id);
  const rescores = await store.listRescores(id);
  const judgments = await store.listJudgments(id);
  const interventions = await store.listInterventions(id);
  const job = await store.getJob(id);
  if (!job || !isFinal(job.status) || job.finishedAt! > endedBy) return null;
  return { traceVersion, job: withoutLinks(job), iterations, failedCalls, rescores, judgments, interventions };
}

function withoutLinks(job: Job): Trace['job'] {
  const own: Trace['job'] & Partial<Pick<Job, 'links'>> = { ...job };
  delete own.links;
  return own;
}

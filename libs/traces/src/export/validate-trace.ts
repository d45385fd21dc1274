import { isFinal, type Iteration, type ModelCall, rewardVersionId } from '@pentimento/contracts';
import { traceSchema, type Trace } from '../trace.ts';
import type { Drop, DropReason } from './drops.ts';

/**
 * Checks what every format relies on: the schema, a final status, iterations without a gap, one verdict a candidate,
 * parents that exist, and for each group one prompt, one sampling and one reward version, because other scores cannot be compared.
 * Returns the first violation, or undefined. What a call's tokens must be is checked where they are read (`readCall`).
 */
export function validateTrace(value: unknown): Drop | undefined {
  const parsed = traceSchema.safeParse(value);
  if (!parsed.success) {
    return { job: claimedId(value), reason: 'malformed', detail: parsed.error.issues[0]!.message };
  }
  const trace = parsed.data;
  const drop = (reason: DropReason, detail: string): Drop => ({ job: trace.job.id, reason, detail });
  if (!isFinal(trace.job.status)) return drop('unfinished', `The job is ${trace.job.status}.`);
  const inconsistency = firstInconsistency(trace);
  return inconsistency === undefined ? undefined : drop('inconsistent', inconsistency);
}

function claimedId(value: unknown): string {
  const id = (value as { job?: { id?: unknown } } | null)?.job?.id;
  return typeof id === 'string' ? id : 'unknown';
}

function firstInconsistency({ job, iterations }: Trace): string | undefined {
  const known = new Set<string>();
  for (const [index, iteration] of iterations.entries()) {
    const inconsistency = iterationInconsistency(iteration, { index, jobId: job.id, known });
    if (inconsistency !== undefined) return `Iteration ${index}: ${inconsistency}`;
    for (const { id } of iteration.candidates) known.add(id);
  }
  return undefined;
}

function iterationInconsistency(
  { index: ownIndex, jobId: ownJob, candidates, verdicts }: Iteration,
  { index, jobId, known }: { index: number; jobId: string; known: ReadonlySet<string> },
): string | undefined {
  if (ownJob !== jobId) return `it belongs to ${ownJob}.`;
  if (ownIndex !== index) return `it is numbered ${ownIndex}.`;
  if (verdicts.length !== candidates.length) return `${candidates.length} candidates have ${verdicts.length} verdicts.`;
  for (const { id, parents } of candidates) {
    const unknown = parents.find((parent) => !known.has(parent));
    if (unknown) return `the parent ${unknown} of ${id} is not an earlier candidate.`;
  }
  if (new Set(candidates.flatMap(({ call }) => (call ? [requestOf(call)] : []))).size > 1)
    return 'its candidates answered different prompts, or were sampled in different ways.';
  if (new Set(candidates.map(({ reward }) => rewardVersionId(reward))).size > 1)
    return 'its candidates were scored by different reward versions.';
  return undefined;
}

/** What the calls of a group share: all but the seed. */
const requestOf = ({ prompt, sampling: { temperature, maxOutputTokens } }: ModelCall): string =>
  `${prompt} ${temperature} ${maxOutputTokens}`;

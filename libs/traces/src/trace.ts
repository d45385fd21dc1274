import {
  failedCallSchema,
  interventionSchema,
  iterationSchema,
  jobSchema,
  judgmentSchema,
  rescoreSchema,
  type BlobId,
  type Candidate,
} from '@pentimento/contracts';
import { z } from 'zod';

/** Version of the canonical trace. A change that old readers misread raises it. */
export const traceVersion = 1;

/**
 * A trajectory as exported data: the job as it ended and its iterations in order, with every candidate, call, render and
 * reward. Images, code, prompts and replies are blobs by SHA-256; no field holds their bytes.
 */
export const traceSchema = z.strictObject({
  traceVersion: z.literal(traceVersion),
  job: jobSchema.omit({ links: true }),
  iterations: z.array(iterationSchema),
  /** Calls that gave no reply, the oldest first. */
  failedCalls: z.array(failedCallSchema),
  /** Rewards of other versions than those of the candidates. */
  rescores: z.array(rescoreSchema),
  /** What people and models said about the candidates, also what they withdrew, the oldest first. */
  judgments: z.array(judgmentSchema),
  /** What people wanted while it ran or after it had ended, the oldest first; `interventionsAt` says what held for an iteration. */
  interventions: z.array(interventionSchema),
});
export type Trace = z.infer<typeof traceSchema>;

/** The blobs that a trace names, each once: the target first, then in the order of the iterations. */
export function blobIdsOf({ job, iterations, failedCalls, interventions }: Trace): BlobId[] {
  const candidates = iterations.flatMap((iteration) => iteration.candidates);
  const ids = [
    job.target.image,
    job.target.original,
    job.initialCode,
    ...candidates.flatMap(blobIdsOfCandidate),
    ...failedCalls.map(({ prompt }) => prompt),
    ...interventions.map((each) => (each.kind === 'edit' ? each.code : null)),
  ];
  return [...new Set(ids.filter((id) => id !== null))];
}

function blobIdsOfCandidate({ call, code, render }: Candidate): (BlobId | null)[] {
  const ofCall = call
    ? [call.prompt, call.reply, call.reasoning, call.capture.level === 'token_exact' ? call.capture.tokens : null]
    : [];
  return [...ofCall, code, render?.status === 'ok' ? render.image : null];
}

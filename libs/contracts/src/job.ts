import { z } from 'zod';
import {
  type BlobId,
  blobIdSchema,
  candidateIdSchema,
  deviceScaleSchema,
  jobIdSchema,
  scoreSchema,
  timestampSchema,
} from './primitives.ts';
import { languageSchema } from './language.ts';
import { budgetSchema, policySchema } from './policy.ts';
import { tagsSchema } from './tags.ts';
import {
  jobKindSchema,
  jobStatusSchema,
  outcomeSchema,
  stopReasonSchema,
  type Outcome,
  type StopReason,
} from './status.ts';

/** `provider/model`, e.g. `builtin/vectorizer` or `openai-compatible/Qwen/Qwen3-VL-8B-Instruct`. */
export const modelNameSchema = z
  .string()
  .max(200)
  .regex(/^[a-z][a-z-]*\/\S+$/, 'A model is named "provider/model", e.g. "builtin/vectorizer".')
  .meta({ id: 'ModelName' });

/** Without control characters and lone surrogates, which are not stored. */
export const printable = /^[^\p{Cc}\p{Cs}]*$/u;

const labelSchema = z.string().min(1).max(200).regex(printable, 'Leave out control characters.');

/** A trainer's name of the weights that write the code, e.g. a step. */
export const policyVersionSchema = labelSchema
  .nullable()
  .describe('Version of the policy, as the submitter names it; null where only the model server may know.');

export const targetSchema = z
  .strictObject({
    image: blobIdSchema.describe('Opaque sRGB PNG that the loop and the reward see.'),
    original: blobIdSchema.describe('The bytes as uploaded.'),
    width: z.number().int().min(1),
    height: z.number().int().min(1),
    hadAlpha: z
      .boolean()
      .describe(
        'The upload was transparent and has been flattened: on white, or on black where white would hide what is drawn.',
      ),
    deviceScale: deviceScaleSchema,
  })
  .meta({ id: 'Target' });
export type Target = z.infer<typeof targetSchema>;

export const spentSchema = z
  .strictObject({
    inputTokens: z.number().int().min(0),
    outputTokens: z.number().int().min(0),
    cost: z.number().min(0),
    seconds: z.number().min(0).describe('Seconds of work on the job, over all workers.'),
  })
  .meta({ id: 'Spent' });
export type Spent = z.infer<typeof spentSchema>;

export const jobErrorSchema = z.strictObject({
  code: z.string(),
  message: z.string().describe('What happened, what was kept, what to do.'),
});
export type JobError = z.infer<typeof jobErrorSchema>;

/** How the refinement of a job ended, as its row keeps it. */
export interface RefinementResult {
  stopReason: StopReason;
  outcome: Outcome | null;
  detail: string;
  error: JobError | null;
}

/** `lost`: the job has ended, was deleted, or another worker holds it now. Nothing was written; the caller stops. */
export type WriteResult = 'written' | 'lost';

export const bestSchema = z.strictObject({
  candidate: candidateIdSchema,
  iteration: z.number().int().min(0),
  overall: scoreSchema,
  code: blobIdSchema,
  image: blobIdSchema.describe("Blob of the best candidate's render."),
});
export type Best = z.infer<typeof bestSchema>;

/** Chosen by the caller of an environment. */
export const sessionIdSchema = z
  .string()
  .regex(
    /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/,
    'A session is named by 1 to 100 letters, digits, dots, underscores and hyphens.',
  )
  .meta({ id: 'SessionId' });

/** What a job of the kind `environment` has in addition. */
export const episodeSchema = z
  .strictObject({
    session: sessionIdSchema,
    number: z.number().int().min(1).describe('Counts the resets of the session.'),
    group: labelSchema
      .nullable()
      .describe("Name that the sessions of one group of GRPO share: the caller's, not read here."),
  })
  .meta({ id: 'Episode' });
export type Episode = z.infer<typeof episodeSchema>;

/** A prompt of an episode that waits for its caller's reply. */
export interface OpenTurn {
  /** Index of the iteration that the reply becomes. */
  iteration: number;
  prompt: BlobId;
  /** When the prompt was built. */
  startedAt: string;
}

/** One request to refine one target. `scores` and `bests` have one entry an iteration. */
export const jobSchema = z
  .strictObject({
    id: jobIdSchema,
    kind: jobKindSchema,
    episode: episodeSchema.nullable().describe('Null but for the kind "environment".'),
    name: z.string().describe('File name of the upload, or what the submitter called it.'),
    target: targetSchema,
    language: languageSchema,
    model: modelNameSchema,
    policyVersion: policyVersionSchema,
    instructions: z.string(),
    initialCode: blobIdSchema.nullable().describe("The submitter's own initial code."),
    policy: policySchema,
    budget: budgetSchema,
    status: jobStatusSchema,
    outcome: outcomeSchema.nullable(),
    stopReason: stopReasonSchema.nullable(),
    stopDetail: z.string().nullable().describe('The stop reason in one sentence with its figures.'),
    error: jobErrorSchema.nullable(),
    best: bestSchema.nullable(),
    scores: z
      .array(scoreSchema.nullable())
      .describe("Best overall score among each iteration's candidates; null where none rendered."),
    spent: spentSchema,
    forkedFrom: z
      .strictObject({ job: jobIdSchema, candidate: candidateIdSchema.nullable() })
      .nullable()
      .describe('The job that it was forked from, and the candidate whose code it started from.'),
    tags: tagsSchema.describe('Labels that people gave the job: each once, in the order of their characters.'),
    createdAt: timestampSchema,
    startedAt: timestampSchema.nullable(),
    finishedAt: timestampSchema.nullable(),
    links: z.strictObject({
      self: z.string(),
      events: z.string(),
      iterations: z.string(),
      cancel: z.string(),
      web: z.string(),
    }),
  })
  .meta({ id: 'Job' });
export type Job = z.infer<typeof jobSchema>;

export function jobLinks(id: string): Job['links'] {
  const self = `/v1/jobs/${id}`;
  return {
    self,
    events: `${self}/events`,
    iterations: `${self}/iterations`,
    cancel: `${self}/cancel`,
    web: `/job?id=${id}`,
  };
}

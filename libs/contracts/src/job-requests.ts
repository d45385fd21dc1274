import { z } from 'zod';
import { jobSchema, modelNameSchema, policyVersionSchema } from './job.ts';
import { languageSchema } from './language.ts';
import { budgetSchema, policySchema, requestedPolicy } from './policy.ts';
import { blobIdSchema, deviceScaleSchema, wellFormed } from './primitives.ts';
import { jobKinds, jobStatuses, jobStatusSchema } from './status.ts';
import { tagsSchema } from './tags.ts';
import { uploadLimits } from './uploads.ts';

export const defaultModel = 'builtin/vectorizer';

/** `POST /v1/jobs` as JSON, and the `request` part of its multipart form (there, `target` is the file part instead). */
export const createJobSchema = z
  .strictObject({
    target: blobIdSchema
      .optional()
      .describe('Blob id of an image put with POST /v1/blobs; in a multipart form, the file part "target".'),
    name: wellFormed(z.string().trim().min(1).max(200)).optional(),
    language: languageSchema,
    model: modelNameSchema.default(defaultModel),
    policyVersion: policyVersionSchema.default(null),
    instructions: wellFormed(z.string().max(8000)).default(''),
    code: wellFormed(z.string().max(uploadLimits.codeBytes))
      .optional()
      .describe('Your own initial code, instead of a draft.'),
    deviceScale: deviceScaleSchema
      .optional()
      .describe(
        'Device pixels a CSS pixel of the page that the target shows, for html. Where absent: 2, 3 or 4 for a PNG that says 144, 216 or 288 dpi, else 1.',
      ),
    policy: requestedPolicy(policySchema).prefault({}),
    budget: budgetSchema.prefault({}),
  })
  .meta({ id: 'CreateJob' });
export type CreateJob = z.infer<typeof createJobSchema>;
export type CreateJobInput = z.input<typeof createJobSchema>;

/** A list as one query parameter, with commas. */
const listOf = <T extends z.ZodType<unknown, string[]>>(list: T) =>
  z
    .string()
    .transform((value) => value.split(',').filter(Boolean))
    .pipe(list);

export const listJobsSchema = z
  .strictObject({
    limit: z.coerce.number().int().min(1).max(100).default(20),
    cursor: z.string().max(200).optional(),
    status: listOf(z.array(z.enum(jobStatuses)).min(1))
      .optional()
      .describe('One status, or several with commas.'),
    kind: z
      .string()
      .default('refinement')
      .transform((value) => value.split(',').filter(Boolean))
      .pipe(z.array(z.enum(jobKinds)).min(1))
      .describe('One kind, or both with a comma.'),
    language: languageSchema.optional(),
    model: z.string().max(200).optional(),
    tag: listOf(tagsSchema.min(1)).optional().describe('One tag, or several with commas: jobs that have all of them.'),
    search: z.string().max(200).optional().describe('Part of the name or the id.'),
  })
  .meta({ id: 'ListJobs' });
export type ListJobs = z.infer<typeof listJobsSchema>;

export const jobPageSchema = z
  .strictObject({
    data: z.array(jobSchema),
    hasMore: z.boolean(),
    nextCursor: z.string().nullable(),
    counts: z.record(jobStatusSchema, z.number().int().min(0)).describe('Jobs by status under the other filters.'),
  })
  .meta({ id: 'JobPage' });
export type JobPage = z.infer<typeof jobPageSchema>;

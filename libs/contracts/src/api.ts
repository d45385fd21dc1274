import { z } from 'zod';
import { blobIdSchema, deviceScaleSchema, jobIdSchema, timestampSchema, wellFormed } from './primitives.ts';
import { candidateSchema, iterationSchema } from './candidate.ts';
import { jobSchema, modelNameSchema, policyVersionSchema } from './job.ts';
import { languageInfoSchema, languageSchema } from './language.ts';
import { failedCallSchema } from './message.ts';
import { budgetSchema, policySchema, requestedPolicy } from './policy.ts';
import { rendererStateSchema } from './render.ts';
import { tileScoreSchema, scoreMapSchema } from './reward.ts';
import { jobKinds, jobStatuses, jobStatusSchema } from './status.ts';
import { tagsSchema } from './tags.ts';

/** Uploads: what is accepted, and how much of it. */
export const uploadLimits = {
  bytes: 20 * 1024 * 1024,
  side: 16_384,
  pixels: 50_000_000,
  minSide: 4,
  types: ['image/png', 'image/jpeg', 'image/webp'],
  codeBytes: 1024 * 1024,
} as const;

/** Widths, in pixels, in which the API serves thumbnails of images. */
export const thumbnailWidths = [64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536] as const;
export type ThumbnailWidth = (typeof thumbnailWidths)[number];

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

export const iterationPageSchema = z.strictObject({ data: z.array(iterationSchema) }).meta({ id: 'IterationPage' });
export const candidatePageSchema = z.strictObject({ data: z.array(candidateSchema) }).meta({ id: 'CandidatePage' });
export const failedCallPageSchema = z.strictObject({ data: z.array(failedCallSchema) }).meta({ id: 'FailedCallPage' });
export const tilesSchema = z
  .strictObject({ candidate: z.string(), tiles: z.array(tileScoreSchema), map: scoreMapSchema.nullable() })
  .meta({ id: 'Tiles' });

export const modelStateSchema = z
  .strictObject({
    name: modelNameSchema,
    provider: z.string(),
    ready: z.boolean(),
    reason: z.string().nullable().describe('Why it is not ready, with the remedy.'),
    trusted: z.boolean().describe("The project's own model: its code may be rendered without a full sandbox."),
  })
  .meta({ id: 'ModelState' });
export type ModelState = z.infer<typeof modelStateSchema>;

/** A model in the form of OpenAI's list too. */
const modelEntrySchema = z
  .strictObject({
    ...modelStateSchema.shape,
    id: modelNameSchema.describe('The name.'),
    object: z.literal('model'),
    created: z.literal(0).describe('Not known; clients of OpenAI want a number.'),
    owned_by: z.string().describe('The provider.'),
  })
  .meta({ id: 'ModelEntry' });
export type ModelEntry = z.infer<typeof modelEntrySchema>;
export const modelPageSchema = z
  .strictObject({
    object: z.literal('list'),
    data: z.array(modelEntrySchema),
    providers: z.array(
      z.strictObject({
        provider: z.string(),
        ready: z.boolean(),
        reason: z.string().nullable(),
        example: modelNameSchema,
      }),
    ),
  })
  .meta({ id: 'ModelPage' });
export type ModelPage = z.infer<typeof modelPageSchema>;

/** A language of this server, and whether it can be rendered here. */
export const languageEntrySchema = z
  .strictObject({ ...languageInfoSchema.shape, ...rendererStateSchema.omit({ language: true }).shape })
  .meta({ id: 'LanguageEntry' });
export type LanguageEntry = z.infer<typeof languageEntrySchema>;
export const languagePageSchema = z.strictObject({ data: z.array(languageEntrySchema) }).meta({ id: 'LanguagePage' });
export type LanguagePage = z.infer<typeof languagePageSchema>;

export const blobSchema = z
  .strictObject({ id: blobIdSchema, mediaType: z.string(), bytes: z.number().int().min(0) })
  .meta({ id: 'Blob' });

/** An example target of the repository, submittable in one click. */
export const exampleSchema = z
  .strictObject({
    id: z.string(),
    file: z.string(),
    language: languageSchema,
    hard: z.string().describe('What makes it hard, in one line.'),
    image: blobIdSchema,
    width: z.number().int(),
    height: z.number().int(),
  })
  .meta({ id: 'Example' });
export const examplePageSchema = z.strictObject({ data: z.array(exampleSchema) }).meta({ id: 'ExamplePage' });

export const checkSchema = z.strictObject({ name: z.string(), ok: z.boolean(), detail: z.string() });
export const healthSchema = z
  .strictObject({
    status: z.enum(['ok', 'draining', 'failing']),
    version: z.string(),
    checks: z.array(checkSchema),
    at: timestampSchema,
  })
  .meta({ id: 'Health' });
export type Health = z.infer<typeof healthSchema>;
export type Check = z.infer<typeof checkSchema>;

export const jobIdParamSchema = z.strictObject({ id: jobIdSchema });

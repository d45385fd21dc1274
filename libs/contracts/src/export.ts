import { z } from 'zod';
import { languageSchema } from './language.ts';
import { blobIdSchema, jobIdSchema, scoreSchema, timestampSchema } from './primitives.ts';
import { rewardVersionSchema } from './reward.ts';
import { outcomeSchema } from './status.ts';

export const captureLevels = ['token_exact', 'text_only'] as const;

const count = z.number().int().min(0);
const texts = z.array(z.string().min(1).max(200)).min(1).max(100);

/** Which trajectories an export reads. Absent filters leave nothing out; several are joined with "and". */
export const exportFilterSchema = z
  .strictObject({
    jobs: z.array(jobIdSchema).min(1).max(10_000).optional().describe('Only these jobs.'),
    languages: z.array(languageSchema).min(1).optional(),
    models: texts.optional().describe('As asked for, "provider/model".'),
    outcomes: z.array(outcomeSchema).min(1).optional(),
    minScore: scoreSchema.optional().describe('Of the best candidate, overall.'),
    maxScore: scoreSchema.optional().describe('Of the best candidate, overall.'),
    minGain: z
      .number()
      .min(-1)
      .max(1)
      .optional()
      .describe('Best score minus that of the first iteration in which something rendered.'),
    captureLevel: z
      .enum(captureLevels)
      .optional()
      .describe('token_exact: every call is. text_only: at least one call is. A job without calls is neither.'),
    policyVersions: texts.optional().describe('Only jobs with calls that all have one of these.'),
    verdict: z.enum(['accept', 'reject']).optional().describe('Jobs with a candidate that was judged so.'),
    tags: texts.optional().describe('Jobs that have all of these tags.'),
    createdAfter: timestampSchema.optional().describe('Submitted from this time on.'),
    createdBefore: timestampSchema.optional().describe('Submitted before this time.'),
  })
  .meta({ id: 'ExportFilter' });
export type ExportFilter = z.infer<typeof exportFilterSchema>;

const share = z.number().min(0).max(0.9).default(0);

/** How rows are made. The defaults keep everything and tag it. */
export const exportOptionsSchema = z
  .strictObject({
    splits: z
      .strictObject({ validation: share, test: share })
      .refine(({ validation, test }) => validation + test < 1, 'Leave a share for training.')
      .prefault({})
      .describe('Shares of the tasks. A task, and all with a nearly equal target, is in one split.'),
    improvedOnly: z
      .boolean()
      .default(false)
      .describe('Leave out turns that did not score higher than what they started from; they are listed as drops.'),
    margin: z.number().gt(0).max(1).default(0.05).describe('Preference pairs: smallest difference of the two scores.'),
    threshold: scoreSchema.default(0.9).describe('Labels: a score from here on is good.'),
    rewardVersion: z
      .string()
      .max(300)
      .optional()
      .describe(
        'Use the scores of this version, as `GET /v1/rewards/versions` names it, instead of those that the loop decided by.',
      ),
    license: z
      .string()
      .max(500)
      .default('')
      .describe('Of the targets and the code, as you know it: it is written into the manifest.'),
  })
  .meta({ id: 'ExportOptions' });
export type ExportOptions = z.infer<typeof exportOptionsSchema>;

export const exportFormatIdSchema = z
  .string()
  .max(40)
  .regex(/^[a-z][a-z0-9-]*$/, 'A format is named by its id, e.g. "trl-sft": small letters, digits and hyphens.');

export const exportFileSchema = z.strictObject({
  path: z.string().describe('Relative, with forward slashes.'),
  bytes: count,
  sha256: blobIdSchema,
});
export type ExportFile = z.infer<typeof exportFileSchema>;

/** `manifest.json`: what an export is made of, so that it can be made again. Without it an export is not whole. */
export const exportManifestSchema = z
  .strictObject({
    manifestVersion: z.literal(1),
    format: exportFormatIdSchema,
    traceVersion: z.number().int(),
    codeVersion: z.string().describe('Of the Pentimento that wrote it.'),
    filter: exportFilterSchema,
    options: exportOptionsSchema,
    traces: count.describe('Trajectories read.'),
    units: count.describe('What rows are made of: always the sum of `rows` and `drops`.'),
    rows: z.strictObject({ train: count, validation: count, test: count }),
    drops: z.record(z.string(), count).describe('By reason; each is a line of drops.jsonl.'),
    rewardVersions: z.array(rewardVersionSchema).describe('Of all scores read.'),
    files: z.array(exportFileSchema).describe('In the order written, without the manifest itself.'),
  })
  .meta({ id: 'ExportManifest' });
export type ExportManifest = z.infer<typeof exportManifestSchema>;

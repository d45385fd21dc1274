import { z } from 'zod';
import { uploadLimits } from './uploads.ts';
import { describeIssues } from './issues.ts';
import { exceededJsonBound } from './json-bounds.ts';
import { languageSchema } from './language.ts';
import { blobIdSchema, deviceScaleSchema } from './primitives.ts';
import { renderSizeSchema } from './render.ts';

/**
 * What a row of a training set carries for its reward, as an object or as its JSON: which target, in which language, and
 * which code a reply may edit. The target is named by its blob, where the server keeps blobs, or is there as bytes. Other keys are ignored.
 */
export const groundTruthSchema = z
  .object({
    task: z.string().max(200).optional().describe('Id of the task, for people: nothing reads it here.'),
    target: blobIdSchema.optional().describe('Blob of the target.'),
    data: z.base64().optional().describe('PNG, JPEG or WebP bytes of the target, where no blob is named.'),
    language: languageSchema,
    viewport: renderSizeSchema.optional().describe("The size to render at; the target's where absent."),
    deviceScale: deviceScaleSchema.optional(),
    code: blobIdSchema
      .optional()
      .describe('Blob of the code that the reply may edit; absent where it writes all of it.'),
  })
  .meta({ id: 'GroundTruth' });
export type GroundTruth = z.infer<typeof groundTruthSchema>;

/** A ground truth as trainers send it on: what the row had, an object or its JSON. */
export const labelSchema = z.union([z.string(), z.looseObject({})]).describe('A GroundTruth, or its JSON.');
export type Label = z.infer<typeof labelSchema>;

/** A ground truth is flat; what else a row has is small. */
const labelBounds = { depth: 32, containers: 1000, keys: 1000, keyCharacters: 100_000, values: 10_000 };
/** An image in base64, and room for the rest. */
const maxLabelLength = 1.5 * uploadLimits.bytes;

/** The ground truth of a label, or one sentence that says how to correct it. */
export function readGroundTruth(label: unknown): GroundTruth | string {
  const parsed = groundTruthSchema.safeParse(parseLabel(label));
  if (parsed.success) return parsed.data;
  return `The ground truth is JSON such as {"target": BLOB ID, "language": "svg"}. Correct ${describeIssues(parsed.error.issues, 'it')}`;
}

/**
 * A label with its JSON parsed. Undefined where it is text that is no JSON, or none of a ground truth's size: a string within a request's
 * JSON has no other bounds.
 */
export function parseLabel(label: unknown): unknown {
  if (typeof label !== 'string') return label;
  if (label.length > maxLabelLength || exceededJsonBound(label, labelBounds)) return undefined;
  try {
    return JSON.parse(label);
  } catch {
    return undefined;
  }
}

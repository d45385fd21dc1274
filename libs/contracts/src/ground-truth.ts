import { z } from 'zod';
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

/** The ground truth of a label, or one sentence that says how to correct it. */
export function readGroundTruth(label: unknown): GroundTruth | string {
  const parsed = groundTruthSchema.safeParse(typeof label === 'string' ? parseJson(label) : label);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('/') || 'it'}: ${message}`);
  return `The ground truth is JSON such as {"target": BLOB ID, "language": "svg"}. Correct ${problems.join('; ')}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

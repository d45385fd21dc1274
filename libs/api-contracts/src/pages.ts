import { z } from 'zod';
import {
  blobIdSchema,
  candidateSchema,
  failedCallSchema,
  iterationSchema,
  jobIdSchema,
  languageInfoSchema,
  languageSchema,
  rendererStateSchema,
  scoreMapSchema,
  tileScoreSchema,
  timestampSchema,
} from '@pentimento/contracts';

export const iterationPageSchema = z.strictObject({ data: z.array(iterationSchema) }).meta({ id: 'IterationPage' });
export const candidatePageSchema = z.strictObject({ data: z.array(candidateSchema) }).meta({ id: 'CandidatePage' });
export const failedCallPageSchema = z.strictObject({ data: z.array(failedCallSchema) }).meta({ id: 'FailedCallPage' });
export const tilesSchema = z
  .strictObject({ candidate: z.string(), tiles: z.array(tileScoreSchema), map: scoreMapSchema.nullable() })
  .meta({ id: 'Tiles' });

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

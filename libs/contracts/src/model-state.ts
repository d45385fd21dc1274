import { z } from 'zod';
import { modelNameSchema } from './job.ts';

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

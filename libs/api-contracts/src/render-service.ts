import { z } from 'zod';
import {
  uploadLimits,
  languageSchema,
  deviceScaleSchema,
  wellFormed,
  bitmapShareSchema,
  moleculeSchema,
  renderFailureKindSchema,
  renderSizeSchema,
} from '@pentimento/contracts';

/** One piece of code to draw. */
export const renderSubmissionSchema = z
  .strictObject({
    language: languageSchema,
    code: wellFormed(z.string().min(1).max(uploadLimits.codeBytes)),
    size: renderSizeSchema
      .default({ width: 1024, height: 768 })
      .describe('Viewport of a page, canvas of an image without its own size.'),
    deviceScale: deviceScaleSchema.default(1),
    reference: wellFormed(z.string().max(uploadLimits.codeBytes))
      .optional()
      .describe("The target's own code: a molecule is compared with it."),
  })
  .meta({ id: 'RenderSubmission' });
export type RenderSubmission = z.infer<typeof renderSubmissionSchema>;

/** The render, or why there is none: a failure of the code is an answer, not a problem. */
export const renderAnswerSchema = z
  .discriminatedUnion('status', [
    z.strictObject({
      status: z.literal('ok'),
      image: z.base64().describe('PNG.'),
      width: z.number().int(),
      height: z.number().int(),
      log: z.string(),
      text: z.string().nullable().describe('The text that the render shows, where it can be known.'),
      molecule: moleculeSchema.nullable(),
      bitmapShare: bitmapShareSchema,
      renderer: z.string(),
      ms: z.number(),
    }),
    z.strictObject({
      status: z.literal('failed'),
      kind: renderFailureKindSchema,
      message: z.string(),
      renderer: z.string(),
      ms: z.number(),
    }),
  ])
  .meta({ id: 'RenderAnswer' });
export type RenderAnswer = z.infer<typeof renderAnswerSchema>;

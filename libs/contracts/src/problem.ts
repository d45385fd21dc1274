import { z } from 'zod';

/** RFC 9457 problem details, with a stable `code` and a JSON pointer for each invalid field. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().describe('One plain sentence with the remedy.'),
    instance: z.string().optional(),
    code: z.string(),
    requestId: z.string().optional(),
    expectedTurn: z
      .number()
      .int()
      .optional()
      .describe('Of a step that names another turn or reply: the turn that is open.'),
    errors: z.array(z.strictObject({ pointer: z.string(), detail: z.string() })).optional(),
    error: z
      .strictObject({ message: z.string(), type: z.string(), param: z.string().nullable(), code: z.string() })
      .optional()
      .describe("The same in the form of OpenAI's API, on the routes that its clients call."),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problemSchema>;
export const problemMediaType = 'application/problem+json';

/** Every problem that the API answers with, and its status. */
export const problemCodes = {
  'invalid-request': 400,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  'image-too-large': 413,
  'request-too-large': 413,
  'unsupported-image': 415,
  'unsupported-media-type': 415,
  'range-not-satisfiable': 416,
  'invalid-image': 422,
  'language-unknown': 422,
  'language-unavailable': 422,
  'model-unknown': 422,
  'model-not-ready': 422,
  'strategy-unknown': 422,
  'format-unknown': 422,
  'isolation-unavailable': 422,
  'job-failed': 422,
  busy: 429,
  internal: 500,
  unavailable: 503,
} as const satisfies Record<string, number>;
export type ProblemCode = keyof typeof problemCodes;

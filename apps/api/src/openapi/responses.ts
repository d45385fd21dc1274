import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { problemCodes, problemMediaType, type ProblemCode } from '@pentimento/contracts';
import type { z } from 'zod';

/** Documents a JSON response by its schema. */
export const JsonResponse = (status: number, standardSchema: z.ZodType, description: string) =>
  ApiResponse({ status, standardSchema, description });

/** What an upload of an image may be refused for. */
export const uploadProblems = [
  ...['invalid-request', 'image-too-large', 'request-too-large'],
  ...['unsupported-image', 'unsupported-media-type', 'invalid-image'],
] as const satisfies ProblemCode[];

/** What the language, model and policy of a job may be refused for. */
export const settingsProblems = [
  ...['language-unknown', 'language-unavailable', 'model-unknown', 'model-not-ready'],
  ...['strategy-unknown', 'isolation-unavailable'],
] as const satisfies ProblemCode[];

/** Documents the problems of a route, one response for each status. */
export function ProblemResponses(...codes: ProblemCode[]) {
  const byStatus = Map.groupBy(codes, (code) => problemCodes[code]);
  const responses = [...byStatus].map(([status, group]) =>
    ApiResponse({
      status,
      description: group.map((code) => `\`${code}\``).join(', '),
      content: { [problemMediaType]: { schema: { $ref: '#/components/schemas/Problem' } } },
    }),
  );
  return applyDecorators(...responses);
}

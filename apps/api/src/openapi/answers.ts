import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { problemCodes, problemMediaType, type ProblemCode } from '@pentimento/contracts';
import type { z } from 'zod';

/** Documents an answer by its schema. */
export const Answers = (status: number, standardSchema: z.ZodType, description: string) =>
  ApiResponse({ status, standardSchema, description });

/** Documents the refusals of a route, one response a status. */
export function Problems(...codes: ProblemCode[]) {
  const byStatus = Map.groupBy(codes, (code) => problemCodes[code]);
  const responses = [...byStatus].map(([status, named]) =>
    ApiResponse({
      status,
      description: named.map((code) => `\`${code}\``).join(', '),
      content: { [problemMediaType]: { schema: { $ref: '#/components/schemas/Problem' } } },
    }),
  );
  return applyDecorators(...responses);
}

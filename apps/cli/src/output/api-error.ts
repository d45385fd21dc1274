import { UnreachableError, type ApiError } from '@pentimento/client';
import type { z } from 'zod';
import { flagOf } from '../input/policy-options.ts';

/** An error of the client as plain text: a sentence with the remedy, then a line for each invalid field. */
export function describeApiError(error: ApiError): string {
  if (error instanceof UnreachableError) {
    return `No server answers at ${error.url}: start one with "pentimento serve", or name another with --server or PENTIMENTO_URL.`;
  }
  const fields = (error.problem.errors ?? []).map(({ pointer, detail }) => `  ${optionOf(pointer)}: ${detail}`);
  return [error.message, ...fields].join('\n');
}

const options: Record<string, string> = {
  '/target': 'IMAGE',
  '/box': '--box',
  '/words': 'WORDS',
  '/candidate': 'CANDIDATE',
  '/language': '--language',
  '/model': '--model',
  '/instructions': '--instructions',
  '/code': '--code',
  '/deviceScale': '--device-scale',
  '/limit': '--limit',
  '/maxAgeDays': '--days',
  '/maxJobs': '--keep',
  '/status': '--status',
  '/tag': '--tag',
  '/preferredOver': 'OTHER',
  '/note': '--note',
  '/author/name': '--author',
  '/kind': '--kind',
  '/cursor': '--cursor',
  '/format': '--format',
  '/name': '--name',
  '/filter/jobs': '--jobs',
  '/filter/languages': '--language',
  '/filter/models': '--model',
  '/filter/outcomes': '--outcome',
  '/filter/minScore': '--min-score',
  '/filter/maxScore': '--max-score',
  '/filter/minGain': '--min-gain',
  '/filter/captureLevel': '--capture',
  '/filter/policyVersions': '--policy-version',
  '/filter/verdict': '--verdict',
  '/filter/tags': '--tag',
  '/filter/createdAfter': '--created-after',
  '/filter/createdBefore': '--created-before',
  '/options/splits': '--validation-share, --test-share',
  '/options/splits/validation': '--validation-share',
  '/options/splits/test': '--test-share',
  '/options/margin': '--margin',
  '/options/threshold': '--threshold',
  '/options/license': '--license',
};

/** The option for a field or for an entry of a list, or its JSON pointer where there is none. */
function optionOf(pointer: string): string {
  const [, field] = /^\/(?:policy|budget)\/(\w+)(?:\/\w+)?$/.exec(pointer) ?? [];
  return field === undefined ? (options[pointer.replace(/\/\d+$/, '')] ?? pointer) : flagOf(field);
}

export function describeIssues(error: z.ZodError): string {
  return error.issues
    .map((issue) => `${optionOf(`/${issue.path.map(String).join('/')}`)}: ${issue.message}`)
    .join('\n');
}

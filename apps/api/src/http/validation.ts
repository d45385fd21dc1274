import { StandardSchemaValidationPipe } from '@nestjs/common';
import { ProblemException, type ValidationError } from './problem.exception.ts';

type Issue = { message: string; path?: readonly unknown[] | undefined; code?: string; keys?: readonly string[] };

/** RFC 6901. */
function pointerTo(path: readonly unknown[]): string {
  return path
    .map((segment) => (typeof segment === 'object' && segment !== null && 'key' in segment ? segment.key : segment))
    .map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}

function validationErrors(issue: Issue): ValidationError[] {
  const path = issue.path ?? [];
  if (issue.code === 'unrecognized_keys' && issue.keys) {
    return issue.keys.map((key) => ({ pointer: pointerTo([...path, key]), detail: 'This field is unknown.' }));
  }
  return [{ pointer: pointerTo(path), detail: issue.message }];
}

/** The issues of a schema as one problem that names each field. */
function invalidRequest(issues: readonly unknown[]): ProblemException {
  const errors = (issues as Issue[]).flatMap(validationErrors);
  const named = errors.map(({ pointer, detail }) => `${pointer || 'the request'}: ${detail}`);
  return new ProblemException('invalid-request', `Correct the request: ${named.join('; ')}`, { errors });
}

/** Checks every `@Body`, `@Query` and `@Param` that names a schema. */
export const validationPipe = () => new StandardSchemaValidationPipe({ exceptionFactory: invalidRequest });

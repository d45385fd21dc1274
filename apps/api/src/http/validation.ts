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
    return issue.keys
      .slice(0, maxErrors + 1)
      .map((key) => ({ pointer: pointerTo([...path, key]), detail: 'This field is unknown.' }));
  }
  return [{ pointer: pointerTo(path), detail: issue.message }];
}

/** A request may be wrong in more fields than anyone reads, and a key of it may be long. */
const maxErrors = 20;
const maxPointer = 200;

const shortened = (pointer: string): string =>
  pointer.length > maxPointer ? `${pointer.slice(0, maxPointer)}…` : pointer;

/** The issues of a schema as one problem that names each field, or the first of very many. */
function invalidRequest(issues: readonly unknown[]): ProblemException {
  const all = (issues as Issue[]).slice(0, maxErrors + 1).flatMap(validationErrors);
  const errors = all.slice(0, maxErrors).map((error) => ({ ...error, pointer: shortened(error.pointer) }));
  const named = errors.map(({ pointer, detail }) => `${pointer || 'the request'}: ${detail}`);
  if (all.length > maxErrors) named.push('and more fields are wrong.');
  return new ProblemException('invalid-request', `Correct the request: ${named.join('; ')}`, { errors });
}

/** Checks every `@Body`, `@Query` and `@Param` that names a schema. */
export const validationPipe = () => new StandardSchemaValidationPipe({ exceptionFactory: invalidRequest });

import { StandardSchemaValidationPipe } from '@nestjs/common';
import { ProblemError, type FieldFault } from './problem.ts';

type Issue = { message: string; path?: readonly unknown[] | undefined; code?: string; keys?: readonly string[] };

/** RFC 6901. */
function pointerTo(path: readonly unknown[]): string {
  return path
    .map((segment) => (typeof segment === 'object' && segment !== null && 'key' in segment ? segment.key : segment))
    .map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}

function faultsOf(issue: Issue): FieldFault[] {
  const path = issue.path ?? [];
  if (issue.code === 'unrecognized_keys' && issue.keys) {
    return issue.keys.map((key) => ({ pointer: pointerTo([...path, key]), detail: 'This field is not known.' }));
  }
  return [{ pointer: pointerTo(path), detail: issue.message }];
}

/** What a schema found wrong, as one refusal that names each field. */
function invalidRequest(issues: readonly unknown[]): ProblemError {
  const errors = (issues as Issue[]).flatMap(faultsOf);
  const named = errors.map(({ pointer, detail }) => `${pointer || 'the request'}: ${detail}`);
  return new ProblemError('invalid-request', `Correct the request: ${named.join('; ')}`, { errors });
}

/** Checks every `@Body`, `@Query` and `@Param` that names a schema. */
export const validationPipe = () => new StandardSchemaValidationPipe({ exceptionFactory: invalidRequest });

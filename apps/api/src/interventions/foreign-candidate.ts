import { fieldProblem, type ProblemException } from '../http/problem.exception.ts';

/** A request about a job names a candidate that is none of it. */
export function foreignCandidate(): ProblemException {
  const detail = 'This is not a candidate of the job; GET /v1/jobs/{id}/candidates lists them.';
  return fieldProblem('invalid-request', '/candidate', detail);
}

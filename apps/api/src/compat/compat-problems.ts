import { ProblemResponses } from '../openapi/responses.ts';

/** Documents the problems of a compat route. */
export const CompatProblems = () =>
  ProblemResponses('invalid-request', 'request-too-large', 'unsupported-media-type', 'busy', 'unavailable');

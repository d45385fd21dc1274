import type { Problem, ProblemCode } from '@pentimento/contracts';
import { problemCodes } from '@pentimento/contracts';

/** What is wrong with one field of a request. */
export interface ValidationError {
  /** JSON pointer (RFC 6901) to the field. */
  pointer: string;
  detail: string;
}

/** A refusal that the client receives as problem+json. `detail` is one plain sentence with the remedy. */
export class ProblemException extends Error {
  readonly code: ProblemCode;
  readonly errors: ValidationError[] | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly expectedTurn: number | undefined;

  constructor(
    code: ProblemCode,
    detail: string,
    options: { errors?: ValidationError[]; retryAfterSeconds?: number; expectedTurn?: number; cause?: unknown } = {},
  ) {
    super(detail, { cause: options.cause });
    this.name = 'ProblemException';
    this.code = code;
    this.errors = options.errors;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.expectedTurn = options.expectedTurn;
  }
}

/** A refusal because of one field of the request. */
export function fieldProblem(code: ProblemCode, pointer: string, detail: string): ProblemException {
  return new ProblemException(code, detail, { errors: [{ pointer, detail }] });
}

export const notFound = (what: string): ProblemException =>
  new ProblemException('not-found', `There is no such ${what}.`);

const titles: Record<ProblemCode, string> = {
  'invalid-request': 'The request is not valid',
  forbidden: 'The request is not allowed from there',
  'not-found': 'Not found',
  'method-not-allowed': 'Method not allowed',
  conflict: 'Not possible in the current state',
  'image-too-large': 'The image is too large',
  'request-too-large': 'The request is too large',
  'unsupported-image': 'Not a supported image',
  'unsupported-media-type': 'Unsupported media type',
  'range-not-satisfiable': 'The file has no such part',
  'invalid-image': 'The image cannot be used',
  'language-unknown': 'Unknown language',
  'language-unavailable': 'The language cannot be rendered here',
  'model-unknown': 'Unknown model',
  'model-not-ready': 'The model is not ready',
  'strategy-unknown': 'The search strategy is unknown',
  'format-unknown': 'The export format is unknown',
  'isolation-unavailable': 'The code cannot be isolated here',
  'job-failed': 'The job ended without code',
  busy: 'Too much at once',
  internal: 'Internal error',
  unavailable: 'Not available now',
};

export function problemOf(
  error: ProblemException,
  request: { instance: string; requestId: string | undefined },
): Problem {
  return {
    type: `urn:pentimento:problem:${error.code}`,
    title: titles[error.code],
    status: problemCodes[error.code],
    detail: error.message,
    instance: request.instance,
    code: error.code,
    ...(request.requestId ? { requestId: request.requestId } : {}),
    ...(error.expectedTurn === undefined ? {} : { expectedTurn: error.expectedTurn }),
    ...(error.errors ? { errors: error.errors } : {}),
  };
}

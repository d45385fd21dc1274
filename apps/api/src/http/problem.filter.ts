import { Catch, HttpException, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { maxRewardRequestBytes, problemCodes, problemMediaType, uploadLimits } from '@pentimento/contracts';
import { InvalidCursorError, OutageError } from '@pentimento/store';
import type { Request, Response } from 'express';
import type { RewardServices } from '../composition/services.ts';
import { SERVICES } from '../composition/tokens.ts';
import { allowedMethods } from './allowed-methods.ts';
import { fieldProblem, ProblemError, problemOf } from './problem.ts';

/** Everything that goes wrong in a request leaves as problem+json, here and nowhere else. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(SERVICES) private readonly services: RewardServices) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    if (response.destroyed) return;
    const refusal = refusalOf(error, request, response);
    if (refusal.cause && problemCodes[refusal.code] >= 500)
      this.services.logger.error({ err: error, reqId: request.id }, 'A request failed.');
    if (response.headersSent) {
      response.destroy();
      return;
    }
    // What is left of a body that was refused is read away: a closed connection would hide the answer from who still sends.
    request.resume();
    response.removeHeader('ETag');
    if (refusal.retryAfterSeconds !== undefined) response.setHeader('Retry-After', refusal.retryAfterSeconds);
    const problem = problemOf(refusal, { instance: request.originalUrl, requestId: String(request.id) });
    response
      .status(problem.status)
      .type(problemMediaType)
      .setHeader('Cache-Control', 'no-store')
      .send(JSON.stringify(problem));
  }
}

const { bytes, codeBytes } = uploadLimits;
const mebibytes = (count: number): string => `${count / 2 ** 20} MiB`;
const tooLarge = `The request is too large: an image may have ${mebibytes(bytes)}, code ${mebibytes(codeBytes)}, items to score ${mebibytes(maxRewardRequestBytes)} in all.`;

function refusalOf(error: unknown, request: Request, response: Response): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof InvalidCursorError) return fieldProblem('invalid-request', '/cursor', error.message);
  if (error instanceof OutageError) return new ProblemError('unavailable', error.message, { cause: error });
  const status = statusOf(error);
  const said = error instanceof Error ? error.message : '';
  switch (status) {
    case 404:
      return missingRoute(request, response);
    case 413:
      return new ProblemError('request-too-large', tooLarge, {
        cause: error,
      });
    case 415:
      return new ProblemError('unsupported-media-type', `The body cannot be read: ${said}.`, { cause: error });
  }
  if (status >= 400 && status < 500) {
    return new ProblemError('invalid-request', `The request cannot be read: ${said}.`, { cause: error });
  }
  return new ProblemError('internal', 'Something broke on the server; its log has the request id.', { cause: error });
}

/** Of Nest's exceptions, and of the body parsers' errors, which carry a status of their own. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { status?: unknown } | null)?.status;
  return typeof status === 'number' ? status : 500;
}

function missingRoute(request: Request, response: Response): ProblemError {
  const methods = allowedMethods(request);
  if (methods.length === 0) return new ProblemError('not-found', `There is nothing at ${request.path}.`);
  response.setHeader('Allow', methods.join(', '));
  return new ProblemError('method-not-allowed', `${request.path} answers ${methods.join(' and ')} only.`);
}

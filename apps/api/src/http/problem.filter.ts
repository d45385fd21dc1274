import { Catch, HttpException, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { maxEnvironmentRequestBytes, maxRewardRequestBytes } from '@pentimento/api-contracts';
import { problemCodes, problemMediaType, uploadLimits } from '@pentimento/contracts';
import { maxChatRequestBytes } from '../protocols/chat-completion.ts';
import { RendererOutageError } from '@pentimento/render';
import { InvalidCursorError, OutageError } from '@pentimento/store';
import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import { LOGGER } from '../runtime/logging.ts';
import { allowedMethods } from './allowed-methods.ts';
import { forCallersOf } from './openai-error.ts';
import { fieldProblem, ProblemException, problemOf } from './problem.exception.ts';

/** Converts every error to problem+json. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    if (response.destroyed) return;
    const exception = problemExceptionOf(error, request, response);
    if (exception.cause && problemCodes[exception.code] >= 500)
      this.logger.error({ err: error, reqId: request.id }, 'A request failed.');
    if (response.headersSent) {
      response.destroy();
      return;
    }
    // Reads the rest of a refused body: a closed connection would hide the response from a client that still sends.
    request.resume();
    response.removeHeader('ETag');
    if (exception.retryAfterSeconds !== undefined) response.setHeader('Retry-After', exception.retryAfterSeconds);
    const problem = forCallersOf(
      request.originalUrl,
      problemOf(exception, { instance: request.originalUrl, requestId: String(request.id) }),
    );
    response
      .status(problem.status)
      .type(problemMediaType)
      .setHeader('Cache-Control', 'no-store')
      .send(JSON.stringify(problem));
  }
}

const { bytes, codeBytes } = uploadLimits;
const mebibytes = (count: number): string => `${count / 2 ** 20} MiB`;
const tooLarge = `The request is too large: an image may have ${mebibytes(bytes)}, code ${mebibytes(codeBytes)}, items to score ${mebibytes(maxRewardRequestBytes)} in all, a reset or step ${mebibytes(maxEnvironmentRequestBytes)}, a chat completion ${mebibytes(maxChatRequestBytes)}.`;

function problemExceptionOf(error: unknown, request: Request, response: Response): ProblemException {
  if (error instanceof ProblemException) return error;
  if (error instanceof InvalidCursorError) return fieldProblem('invalid-request', '/cursor', error.message);
  if (error instanceof OutageError || error instanceof RendererOutageError)
    return new ProblemException('unavailable', error.message, { cause: error });
  const status = statusOf(error);
  const message = error instanceof Error ? error.message : '';
  switch (status) {
    case 404:
      return missingRoute(request, response);
    case 413:
      return new ProblemException('request-too-large', tooLarge, {
        cause: error,
      });
    case 415:
      return new ProblemException('unsupported-media-type', `The body cannot be read: ${message}.`, { cause: error });
  }
  if (status >= 400 && status < 500) {
    return new ProblemException('invalid-request', `The request cannot be read: ${message}.`, { cause: error });
  }
  return new ProblemException('internal', 'Something broke on the server; its log has the request id.', {
    cause: error,
  });
}

/** The status of Nest's exceptions and of the body parsers' errors; 500 of anything else. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { status?: unknown } | null)?.status;
  return typeof status === 'number' ? status : 500;
}

function missingRoute(request: Request, response: Response): ProblemException {
  const methods = allowedMethods(request);
  if (methods.length === 0) return new ProblemException('not-found', `There is nothing at ${request.path}.`);
  response.setHeader('Allow', methods.join(', '));
  return new ProblemException('method-not-allowed', `${request.path} answers ${methods.join(' and ')} only.`);
}

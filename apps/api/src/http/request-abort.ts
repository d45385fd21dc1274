import type { Response } from 'express';
import { ProblemException } from './problem.exception.ts';

/** Aborts when the client disconnects before the response is sent, and when the process shuts down. */
export function requestAbort(response: Response, draining: AbortSignal): AbortSignal {
  const abort = new AbortController();
  const drain = () =>
    abort.abort(new ProblemException('unavailable', 'The server is shutting down: send the request again.'));
  draining.addEventListener('abort', drain, { once: true });
  response.once('close', () => {
    draining.removeEventListener('abort', drain);
    if (!response.writableFinished) abort.abort(new Error('The client has disconnected.'));
  });
  if (draining.aborted) drain();
  return abort.signal;
}

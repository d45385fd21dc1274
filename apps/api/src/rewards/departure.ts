import type { Response } from 'express';
import { ProblemError } from '../http/problem.ts';

/** Aborts where the client leaves before it has its answer, and where the process shuts down. */
export function departure(response: Response, draining: AbortSignal): AbortSignal {
  const leaving = new AbortController();
  const drain = () =>
    leaving.abort(new ProblemError('unavailable', 'The server is shutting down: send the request again.'));
  draining.addEventListener('abort', drain, { once: true });
  response.once('close', () => {
    draining.removeEventListener('abort', drain);
    if (!response.writableFinished) leaving.abort(new Error('The client has left.'));
  });
  if (draining.aborted) drain();
  return leaving.signal;
}

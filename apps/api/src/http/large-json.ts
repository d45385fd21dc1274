import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { JsonThread } from './json-thread.ts';

/** Parses bodies that were read as bytes, before which nothing else may read any. */
export function largeJson(): RequestHandler {
  const thread = new JsonThread();
  return (request: Request, _response: Response, next: NextFunction): void => {
    if (!Buffer.isBuffer(request.body)) return next();
    const parsed = thread.parse(request.body).then((value) => void (request.body = value));
    // Taking over a large value is work enough for one turn.
    parsed.then(() => setImmediate(next), next);
  };
}

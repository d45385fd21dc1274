import type { NextFunction, Request, Response } from 'express';

/** Swagger UI runs its own files only. Its icons are data URLs, and it sets styles inline. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Sets the Content-Security-Policy of the pages that document the API. */
export function documentationPolicy(_request: Request, response: Response, next: NextFunction): void {
  response.setHeader('Content-Security-Policy', policy);
  next();
}

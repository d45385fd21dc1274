import type { Request, Response } from 'express';
import { ProblemException } from '../http/problem.exception.ts';

/**
 * The part of a file that the request asks for (RFC 9110, section 14), and sets the response's status and headers for it. Undefined: all of
 * it, also where several parts are asked for, or where `If-Range` names another content. Throws a ProblemException for a part outside the file.
 */
export function byteRange(
  request: Request,
  response: Response,
  { bytes, etag }: { bytes: number; etag: string },
): { start: number; end: number } | undefined {
  response.set('Accept-Ranges', 'bytes');
  const condition = request.get('If-Range');
  const ranges = condition === undefined || condition === etag ? request.range(bytes) : undefined;
  if (ranges === -1) {
    response.set('Content-Range', `bytes */${bytes}`);
    throw new ProblemException('range-not-satisfiable', `The file has ${bytes} bytes: ask for a part of it.`);
  }
  const [range, ...others] = Array.isArray(ranges) && ranges.type === 'bytes' ? ranges : [];
  if (!range || others.length > 0) {
    response.set('Content-Length', String(bytes));
    return undefined;
  }
  response.status(206).set({
    'Content-Range': `bytes ${range.start}-${range.end}/${bytes}`,
    'Content-Length': String(range.end - range.start + 1),
  });
  return { start: range.start, end: range.end };
}

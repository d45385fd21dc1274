import { checkJsonBounds } from './json-bounds.ts';
import { ProblemException } from './problem.exception.ts';

/**
 * The value of a request's body in JSON, which is UTF-8 (RFC 8259, section 8.1). An empty body is an empty object.
 *
 * @throws ProblemException where it is no JSON, or holds too much
 */
export function parseJsonBody(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return {};
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  checkJsonBounds(text);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ProblemException('invalid-request', `The request cannot be read: ${(error as Error).message}.`);
  }
}

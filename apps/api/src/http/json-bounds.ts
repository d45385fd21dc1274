import { ProblemException } from './problem.exception.ts';

/** What a request's JSON may hold. Requests of this API are flat; token ids make most of their values. */
export const jsonBounds = { depth: 64, containers: 100_000, keys: 100_000, values: 2_000_000 } as const;

const quote = 0x22;
const backslash = 0x5c;
const [comma, colon] = [0x2c, 0x3a];
const [openArray, closeArray, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Refuses JSON that would cost far more to parse and to check than its bytes say: deep nesting, and very many keys or values. Takes one
 * pass over the bytes. Whether they are JSON is for the parser to say.
 *
 * @throws ProblemException
 */
export function checkJsonBounds(bytes: Uint8Array): void {
  const counts = { depth: 0, containers: 0, keys: 0, values: 0 };
  for (let at = 0; at < bytes.length; at++) {
    switch (bytes[at]) {
      case quote:
        at = endOfString(bytes, at);
        break;
      case comma:
        check('values', ++counts.values);
        break;
      case colon:
        check('keys', ++counts.keys);
        break;
      case openArray:
      case openObject:
        check('containers', ++counts.containers);
        check('depth', ++counts.depth);
        break;
      case closeArray:
      case closeObject:
        counts.depth--;
        break;
    }
  }
}

/** Position of the quote that ends the string which begins at `start`; the end of the bytes where none does. */
function endOfString(bytes: Uint8Array, start: number): number {
  for (let end = bytes.indexOf(quote, start + 1); end >= 0; end = bytes.indexOf(quote, end + 1)) {
    let escapes = 0;
    while (bytes[end - 1 - escapes] === backslash) escapes++;
    if (escapes % 2 === 0) return end;
  }
  return bytes.length;
}

const words = {
  depth: 'levels of arrays and objects',
  containers: 'arrays and objects',
  keys: 'fields',
  values: 'values',
} as const;

function check(bound: keyof typeof jsonBounds, count: number): void {
  if (count <= jsonBounds[bound]) return;
  throw new ProblemException(
    'invalid-request',
    `Send less at once: JSON has at most ${jsonBounds[bound]} ${words[bound]}.`,
  );
}

import { exceededJsonBound } from '@pentimento/contracts';
import { ProblemException } from './problem.exception.ts';

/** What a request's JSON may hold. Requests of this API are flat; token ids make most of their values. */
export const jsonBounds = {
  depth: 64,
  containers: 20_000,
  keys: 20_000,
  keyCharacters: 2_000_000,
  values: 500_000,
} as const;

const words = {
  depth: 'levels of arrays and objects',
  containers: 'arrays and objects',
  keys: 'fields',
  keyCharacters: 'characters in the names of fields',
  values: 'values',
} as const;

/**
 * Refuses JSON that would cost far more to parse and to check than its bytes say.
 *
 * @throws ProblemException
 */
export function checkJsonBounds(text: string): void {
  const bound = exceededJsonBound(text, jsonBounds);
  if (!bound) return;
  throw new ProblemException(
    'invalid-request',
    `Send less at once: JSON has at most ${jsonBounds[bound]} ${words[bound]}.`,
  );
}

import { expect, it } from 'vitest';
import { sanitizeForPostgres } from './sanitize.ts';

it('removes NUL characters and replaces lone surrogates in every string, and changes nothing else', () => {
  const input = { 'k\0': ['a\0b', 1, null, true, { deep: '\ud800x 😀 \u0001\n' }], none: undefined };
  expect(sanitizeForPostgres(input)).toEqual({
    k: ['ab', 1, null, true, { deep: '\ufffdx 😀 \u0001\n' }],
    none: undefined,
  });
});

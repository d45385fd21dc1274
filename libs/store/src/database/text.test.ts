import { expect, it } from 'vitest';
import { storable } from './text.ts';

it('takes NUL characters and lone surrogates out of every string, and nothing else', () => {
  const given = { 'k\0': ['a\0b', 1, null, true, { deep: '\ud800x 😀 \u0001\n' }], none: undefined };
  expect(storable(given)).toEqual({ k: ['ab', 1, null, true, { deep: '\ufffdx 😀 \u0001\n' }], none: undefined });
});

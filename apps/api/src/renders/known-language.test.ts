import { expect, it } from 'vitest';
import { knownLanguage } from './known-language.ts';

const languages = [{ id: 'latex' }, { id: 'svg' }];

it('finds a language by its id', () => {
  expect(knownLanguage(languages, 'svg')).toBe(languages[1]);
});

it('refuses a language that is not registered, with the known ids', () => {
  expect(() => knownLanguage(languages, 'klingon')).toThrow(
    expect.objectContaining({
      code: 'language-unknown',
      message: 'There is no language "klingon": name one of latex, svg. GET /v1/languages lists them.',
      errors: [expect.objectContaining({ pointer: '/language' })],
    }),
  );
});

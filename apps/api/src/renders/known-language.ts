import type { Language, LanguageInfo } from '@pentimento/contracts';
import { fieldProblem } from '../http/problem.exception.ts';

/** The language of that id. Throws a ProblemException that names the known ones where there is none; `pointer` is the field. */
export function knownLanguage<T extends Pick<LanguageInfo, 'id'>>(
  languages: readonly T[],
  id: Language,
  pointer = '/language',
): T {
  const known = languages.find((language) => language.id === id);
  if (known) return known;
  const ids = languages.map((language) => language.id).join(', ');
  const detail = `There is no language "${id}": name one of ${ids}. GET /v1/languages lists them.`;
  throw fieldProblem('language-unknown', pointer, detail);
}

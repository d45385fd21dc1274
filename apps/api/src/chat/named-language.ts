import { fencedBlocks, type Language } from '@pentimento/contracts';
import type { LanguageDefinition } from '@pentimento/render/languages';
import { fieldProblem } from '../http/problem.exception.ts';

export type NamedLanguage = Pick<LanguageDefinition, 'id' | 'title' | 'fenceNames' | 'hintWords'>;

/**
 * The language that the first text names which names one. A text names a language by its id, title or a name of its fences, as a word;
 * where it names none so, by one of its hint words.
 *
 * @throws ProblemException where a text names several languages, or none does
 */
export function namedLanguage(texts: readonly string[], languages: readonly NamedLanguage[]): Language {
  for (const text of texts) {
    const [first, second] = languagesIn(text, languages);
    if (second) throw unclear(`The request names ${first!.title} and ${second.title}`, languages);
    if (first) return first.id;
  }
  throw unclear('The request names no language', languages);
}

function languagesIn(text: string, languages: readonly NamedLanguage[]): NamedLanguage[] {
  const words = ` ${text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, ' ')} `;
  const having = (wordsOf: (language: NamedLanguage) => readonly string[]) =>
    languages.filter((language) => wordsOf(language).some((word) => words.includes(` ${word.toLowerCase()} `)));
  const named = having(({ id, title, fenceNames }) => [id, title, ...fenceNames]);
  return named.length > 0 ? named : having(({ hintWords }) => hintWords ?? []);
}

/** The language of a text's last block of code that has one. */
export function languageOfBlocks(text: string, languages: readonly NamedLanguage[]): Language | undefined {
  const infos = fencedBlocks(text).map(({ info }) => info);
  const found = infos.map((info) => languages.find(({ fenceNames }) => fenceNames.includes(info)));
  return found.findLast((language) => language !== undefined)?.id;
}

function unclear(what: string, languages: readonly NamedLanguage[]) {
  const ids = languages.map(({ id }) => id).join(', ');
  const detail = `${what}: name one of ${ids} in the instruction, in the model (pentimento/LANGUAGE:provider/model), or as pentimento.language in the body.`;
  return fieldProblem('invalid-request', '/language', detail);
}

import type { Language } from '@pentimento/contracts';
import { languages } from '@pentimento/render/languages';
import { extname } from 'node:path';
import { usageError } from '../terminal/cli-error.ts';

/** The values of `--language`. */
export const languageHint = languages.map(({ id }) => id).join('|');

/** The named language, or that of the file's extension. */
export function languageOf(named: string | undefined, file: string): Language {
  if (named !== undefined) return readLanguage(named);
  const extension = extname(file).slice(1).toLowerCase();
  const guessed = languages.find(({ id, fileExtension }) => fileExtension === extension || id === extension);
  if (guessed) return guessed.id;
  throw usageError(`The language of ${file} cannot be inferred from its name: give --language ${languageHint}.`);
}

export function readLanguage(named: string): Language {
  const known = languages.find(({ id }) => id === named.toLowerCase());
  if (known) return known.id;
  throw usageError(`There is no language "${named}": give --language ${languageHint}.`);
}

/** Without the dot; `txt` for a language that only another version of the server knows. */
export function fileExtensionOf(language: Language): string {
  return languages.find(({ id }) => id === language)?.fileExtension ?? 'txt';
}

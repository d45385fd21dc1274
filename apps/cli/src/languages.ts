import type { Language } from '@pentimento/contracts';
import { languages } from '@pentimento/render/languages';
import { extname } from 'node:path';
import { usageFault } from './fault.ts';

/** What `--language` takes. */
export const languageHint = languages.map(({ id }) => id).join('|');

/** The language that was named, or the one that the file's extension stands for. */
export function languageOf(named: string | undefined, file: string): Language {
  if (named !== undefined) return readLanguage(named);
  const extension = extname(file).slice(1).toLowerCase();
  const guessed = languages.find(({ id, fileExtension }) => fileExtension === extension || id === extension);
  if (guessed) return guessed.id;
  throw usageFault(`The language of ${file} cannot be told from its name: give --language ${languageHint}.`);
}

export function readLanguage(named: string): Language {
  const known = languages.find(({ id }) => id === named.toLowerCase());
  if (known) return known.id;
  throw usageFault(`There is no language "${named}": give --language ${languageHint}.`);
}

/** Without the dot. A job of another version of the server may name a language that is not known here. */
export function fileExtensionOf(language: Language): string {
  return languages.find(({ id }) => id === language)?.fileExtension ?? 'txt';
}

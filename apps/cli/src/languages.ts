import { fileExtensions, languages, type Language } from '@pentimento/contracts';
import { extname } from 'node:path';
import { usageFault } from './fault.ts';

/** The language that was named, or the one that the file's extension stands for. */
export function languageOf(named: string | undefined, file: string): Language {
  if (named !== undefined) return readLanguage(named);
  const extension = extname(file).slice(1).toLowerCase();
  const guessed = languages.find((language) => fileExtensions[language] === extension || language === extension);
  if (guessed) return guessed;
  throw usageFault(`The language of ${file} cannot be told from its name: give --language ${languages.join('|')}.`);
}

export function readLanguage(named: string): Language {
  const known = languages.find((language) => language === named.toLowerCase());
  if (known) return known;
  throw usageFault(`There is no language "${named}": give --language ${languages.join('|')}.`);
}

import { useQuery } from '@tanstack/react-query';
import type { LanguageEntry } from '@pentimento/api-contracts';
import type { Language } from '@pentimento/contracts';
import { languagesQuery } from '../api/queries.ts';

/** What a page shows of a language. */
export type ShownLanguage = Pick<LanguageEntry, 'title' | 'fileExtension' | 'highlighting'>;

/** One that the server does not list, or does not list yet, goes by its id and is plain text. */
export function shownLanguage(languages: readonly LanguageEntry[], id: Language): ShownLanguage {
  return languages.find((language) => language.id === id) ?? { title: id, fileExtension: 'txt', highlighting: null };
}

const none: readonly LanguageEntry[] = [];

/** The server's languages, asked for once; empty until they are there. */
export function useLanguages(): readonly LanguageEntry[] {
  return useQuery({ ...languagesQuery, staleTime: Infinity }).data ?? none;
}

export const useLanguage = (id: Language): ShownLanguage => shownLanguage(useLanguages(), id);

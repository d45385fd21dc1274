import type { LanguageInfo } from '@pentimento/contracts';

/** What a model of this project must know of a language to find and write its fenced blocks. */
export type FencedLanguage = Pick<LanguageInfo, 'id' | 'fenceNames'>;

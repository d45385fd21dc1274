import type { LanguageDefinition } from '@pentimento/render/languages';

/** Token of the languages that jobs, renders and scores may name. The program that starts decides which. */
export const LANGUAGES = Symbol('Languages');
export type Languages = readonly LanguageDefinition[];

import type { ValueProvider } from '@nestjs/common';
import { languages, type LanguageDefinition } from '@pentimento/render/languages';

/** Token of the languages that jobs, renders and scores may name. */
export const LANGUAGES = Symbol('Languages');
export type Languages = readonly LanguageDefinition[];

export const languagesProvider: ValueProvider<Languages> = { provide: LANGUAGES, useValue: languages };

import type { LanguageDefinition } from '../port/language.ts';
import * as registered from './registered.ts';

export type { LanguageDefinition } from '../port/language.ts';
export type { Evidence, HostileProgram, HostileTargets, LanguageSamples } from '../port/samples.ts';

/** The languages of this repository by their ids' alphabet. Whoever renders or lists them receives them as a parameter, so that a test can pass its own. */
export const languages: readonly LanguageDefinition[] = Object.values(registered);

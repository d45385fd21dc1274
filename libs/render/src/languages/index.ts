import type { LanguageDefinition } from './definition.ts';
import * as registered from './registered.ts';

export type { LanguageDefinition } from './definition.ts';
export type { HostileProgram, HostileResult, HostileTargets, LanguageSamples } from './samples.ts';

/** The languages of this repository by their ids' alphabet. What draws or lists them is given them: a test gives its own. */
export const languages: readonly LanguageDefinition[] = Object.values(registered);

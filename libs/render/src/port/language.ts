import type { LanguageInfo } from '@pentimento/contracts';
import type { LanguageSamples } from './samples.ts';

/** All that Pentimento knows of a language. Its module imports nothing of Node's, so that a browser can read it too. */
export interface LanguageDefinition extends Omit<LanguageInfo, 'writtenByBuiltinModel'> {
  /** What the code must be, for the renderer that will draw it. Part of every prompt's instructions. */
  promptInstructions: string;
  /** Whether its code is a page, shown on a screen whose device pixels a CSS pixel the prompt states. Default: false. */
  isPage?: boolean;
  /** Good and hostile code, for tests. Nothing else loads it. */
  loadSamples: () => Promise<{ samples: LanguageSamples }>;
}

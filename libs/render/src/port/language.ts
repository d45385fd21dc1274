import type { LanguageInfo } from '@pentimento/contracts';
import type { RendererFactory } from './renderer.ts';
import type { LanguageSamples } from './samples.ts';

/** All that Pentimento knows of a language. Its module holds plain data and imports on demand, so that listing languages is cheap. */
export interface LanguageDefinition extends Omit<LanguageInfo, 'writtenByBuiltinModel'> {
  /** Words that hint at the language where a request names none: libraries, what its code makes. In small letters. */
  hintWords?: readonly string[];
  /** What the code must be, for the renderer that will draw it. Part of every prompt's instructions. */
  promptInstructions: string;
  /** Whether its code is a page, shown on a screen whose device pixels a CSS pixel the prompt states. Default: false. */
  isPage?: boolean;
  /** The program in a text that holds a whole one, without what stands around it; undefined for a text that holds none. In linear time. */
  wholeProgram?(text: string): string | undefined;
  /** Imports its renderer, which happens when the language is first rendered. */
  loadRenderer: () => Promise<{ createRenderer: RendererFactory }>;
  /** Good and hostile code, for tests. Nothing else loads it. */
  loadSamples: () => Promise<{ samples: LanguageSamples }>;
}

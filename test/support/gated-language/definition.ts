import type { LanguageDefinition } from '@pentimento/render/languages';

/**
 * A language of rectangles, as the toy language is, whose renders wait for the test: code whose first line is `hold NAME` is rendered
 * once the file NAME is in the folder GATE_FOLDER, and no code is while the file `outage` is there.
 */
export const gated: LanguageDefinition = {
  id: 'gated',
  title: 'Gated',
  fenceNames: ['gated'],
  fileExtension: 'gated',
  highlighting: null,
  promptInstructions: 'Write one rectangle a line, as "#rrggbb x y width height" in pixels of the target.',
  loadRenderer: () => import('./renderer.ts'),
  loadSamples: () => Promise.reject(new Error('The gated language has no samples.')),
};

import type { LanguageDefinition } from '@pentimento/render/languages';

/** A language of rectangles that exists only in tests: a whole language in one folder, and the list that it is put on. */
export const toy: LanguageDefinition = {
  id: 'toy',
  title: 'Toy',
  fenceNames: ['toy', 'rectangles'],
  fileExtension: 'toy',
  highlighting: null,
  promptInstructions: 'Write one rectangle a line, as "#rrggbb x y width height" in pixels of the target.',
  loadRenderer: () => import('./renderer.ts'),
  loadSamples: () => import('./samples/index.ts'),
};

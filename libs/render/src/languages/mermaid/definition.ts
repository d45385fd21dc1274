import type { LanguageDefinition } from '../../port/language.ts';

export const mermaid: LanguageDefinition = {
  id: 'mermaid',
  title: 'Mermaid',
  fenceNames: ['mermaid', 'mmd'],
  fileExtension: 'mmd',
  highlighting: 'mermaid',
  promptInstructions: 'Write one Mermaid diagram, without front matter that changes its security level.',
  loadRenderer: () => import('./renderer.ts'),
  loadSamples: () => import('./samples/index.ts'),
};

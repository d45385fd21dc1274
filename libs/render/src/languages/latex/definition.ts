import type { LanguageDefinition } from '../../port/language.ts';

export const latex: LanguageDefinition = {
  id: 'latex',
  title: 'LaTeX',
  fenceNames: ['latex', 'tex', 'tikz'],
  fileExtension: 'tex',
  highlighting: 'tex',
  promptInstructions:
    'Write one LaTeX document, or one tikzpicture. It is compiled by pdflatex, without network access or other files.',
  loadRenderer: () => import('./renderer.ts'),
  loadSamples: () => import('./samples/index.ts'),
};

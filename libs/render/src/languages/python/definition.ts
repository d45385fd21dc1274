import type { LanguageDefinition } from '../../port/language.ts';

export const python: LanguageDefinition = {
  id: 'python',
  title: 'Python',
  fenceNames: ['python', 'py', 'python3'],
  fileExtension: 'py',
  highlighting: 'python',
  promptInstructions:
    'Write one Python script that draws the image with matplotlib (or seaborn, plotly, networkx, RDKit) and saves it as one PNG file. It runs without network access or other files.',
  loadRenderer: () => import('./renderer.ts'),
  loadSamples: () => import('./samples/index.ts'),
};

import type { LanguageDefinition } from '../../port/language.ts';

export const svg: LanguageDefinition = {
  id: 'svg',
  title: 'SVG',
  fenceNames: ['svg', 'xml'],
  fileExtension: 'svg',
  highlighting: 'xml',
  promptInstructions:
    'Write one standalone SVG with the width, height and viewBox of the target. No scripts, no external files.',
  loadRenderer: () => import('./renderer.ts'),
  loadSamples: () => import('./samples/index.ts'),
};

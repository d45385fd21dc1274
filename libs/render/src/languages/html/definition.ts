import type { LanguageDefinition } from '../../port/language.ts';

export const html: LanguageDefinition = {
  id: 'html',
  title: 'HTML',
  fenceNames: ['html', 'htm'],
  fileExtension: 'html',
  highlighting: 'html',
  promptInstructions:
    'Write one complete HTML page with its styles inline. It is rendered at the width of the target, without network access.',
  isPage: true,
  loadRenderer: () => import('./renderer.ts'),
  loadSamples: () => import('./samples/index.ts'),
};

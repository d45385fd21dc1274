import type { LanguageDefinition } from '../../port/language.ts';

export const svg: LanguageDefinition = {
  id: 'svg',
  title: 'SVG',
  fenceNames: ['svg', 'xml'],
  fileExtension: 'svg',
  highlighting: 'xml',
  promptInstructions:
    'Write one standalone SVG with the width, height and viewBox of the target. No scripts, no external files.',
  wholeProgram(text) {
    const start = text.search(/<svg[\s>]/);
    const end = text.lastIndexOf('</svg>');
    return start >= 0 && end > start ? text.slice(start, end + '</svg>'.length) : undefined;
  },
  loadRenderer: () => import('./renderer.ts'),
  loadSamples: () => import('./samples/index.ts'),
};

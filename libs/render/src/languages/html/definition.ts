import type { LanguageDefinition } from '../../port/language.ts';

export const html: LanguageDefinition = {
  id: 'html',
  title: 'HTML',
  fenceNames: ['html', 'htm'],
  hintWords: ['css', 'web page', 'webpage', 'website'],
  fileExtension: 'html',
  highlighting: 'html',
  promptInstructions:
    'Write one complete HTML page with its styles inline. It is rendered at the width of the target, without network access; 100vh is the height of the screen, about 9/16 of its width where the target shows a longer page.',
  isPage: true,
  wholeProgram(text) {
    const start = text.search(/<!doctype html|<html[\s>]/i);
    const end = text.toLowerCase().lastIndexOf('</html>');
    return start >= 0 && end > start ? text.slice(start, end + '</html>'.length) : undefined;
  },
  loadRenderer: () => import('./renderer.ts'),
  loadSamples: () => import('./samples/index.ts'),
};

import type { LanguageDefinition } from '../../port/language.ts';

export const latex: LanguageDefinition = {
  id: 'latex',
  title: 'LaTeX',
  fenceNames: ['latex', 'tex', 'tikz'],
  hintWords: ['pgfplots', 'tikzpicture'],
  fileExtension: 'tex',
  highlighting: 'tex',
  promptInstructions:
    'Write one LaTeX document, or one tikzpicture. It is compiled by pdflatex, without network access or other files.',
  wholeProgram(text) {
    for (const [first, last] of [
      ['\\documentclass', '\\end{document}'],
      ['\\begin{tikzpicture}', '\\end{tikzpicture}'],
    ] as const) {
      const [start, end] = [text.indexOf(first), text.lastIndexOf(last)];
      if (start >= 0 && end > start) return text.slice(start, end + last.length);
    }
    return undefined;
  },
  loadRenderer: () => import('./renderer.ts'),
  loadSamples: () => import('./samples/index.ts'),
};

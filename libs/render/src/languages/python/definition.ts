import type { LanguageDefinition } from '../../port/language.ts';

export const python: LanguageDefinition = {
  id: 'python',
  title: 'Python',
  fenceNames: ['python', 'py', 'python3'],
  hintWords: ['matplotlib', 'seaborn', 'plotly', 'networkx'],
  fileExtension: 'py',
  highlighting: 'python',
  promptInstructions:
    'Write one Python script that draws the image with matplotlib (or seaborn, plotly, networkx, RDKit) and saves it as one PNG file. It runs without network access or other files.',
  // A script is all of its text: where one begins in other words cannot be told.
  wholeProgram(text) {
    const isScript = /^\s*(?:import |from |#|"""|''')/.test(text) && /^(?:import|from) \w/m.test(text);
    return isScript && /\b(?:savefig|show|write_image|save)\(/.test(text) ? text : undefined;
  },
  loadRenderer: () => import('./renderer.ts'),
  loadSamples: () => import('./samples/index.ts'),
};

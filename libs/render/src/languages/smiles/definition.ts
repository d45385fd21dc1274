import type { LanguageDefinition } from '../../port/language.ts';

export const smiles: LanguageDefinition = {
  id: 'smiles',
  title: 'SMILES',
  fenceNames: ['smiles', 'smi'],
  fileExtension: 'smi',
  highlighting: null,
  promptInstructions: 'Write one SMILES string on one line.',
  loadRenderer: () => import('./renderer.ts'),
  loadSamples: () => import('./samples/index.ts'),
};

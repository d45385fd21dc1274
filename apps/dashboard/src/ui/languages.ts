import type { Language } from '@pentimento/contracts';

const names: Record<Language, string> = {
  python: 'Python',
  html: 'HTML',
  svg: 'SVG',
  latex: 'LaTeX',
  smiles: 'SMILES',
  mermaid: 'Mermaid',
};

export const languageName = (language: Language): string => names[language];

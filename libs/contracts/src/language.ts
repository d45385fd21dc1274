import { z } from 'zod';

/** One target language for each domain of the paper (arXiv 2511.00391), and Mermaid for diagrams. */
export const languages = ['python', 'html', 'svg', 'latex', 'smiles', 'mermaid'] as const;
export const languageSchema = z.enum(languages).meta({ id: 'Language' });
export type Language = z.infer<typeof languageSchema>;

/** What code made of shapes can be written in: the languages of the built-in model, which traces them. */
export const tracedLanguages = ['python', 'html', 'svg', 'latex'] as const satisfies readonly Language[];
export type TracedLanguage = (typeof tracedLanguages)[number];
export const isTraced = (language: Language): language is TracedLanguage =>
  (tracedLanguages as readonly Language[]).includes(language);

/** The info strings that open a fenced block of a language. The first is the one prompts ask for. */
export const fenceNames: Record<Language, readonly [string, ...string[]]> = {
  python: ['python', 'py', 'python3'],
  html: ['html', 'htm'],
  svg: ['svg', 'xml'],
  latex: ['latex', 'tex', 'tikz'],
  smiles: ['smiles', 'smi'],
  mermaid: ['mermaid', 'mmd'],
};

/** Media type under which a candidate's code is stored and served: always text, never a live type. */
export const codeMediaType = 'text/plain; charset=utf-8';

export const fileExtensions: Record<Language, string> = {
  python: 'py',
  html: 'html',
  svg: 'svg',
  latex: 'tex',
  smiles: 'smi',
  mermaid: 'mmd',
};

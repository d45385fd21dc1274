export type { FencedLanguage } from './fenced-language.ts';
export { createVectorizer } from './vectorizer.ts';
export { builtinLanguages } from './writers/index.ts';

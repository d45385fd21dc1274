export { createVectorizer } from './vectorizer.ts';
export { builtinLanguages } from './writers/index.ts';

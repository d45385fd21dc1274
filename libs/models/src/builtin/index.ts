export { createVectorizer } from './vectorizer.ts';

// The languages, one line each: a new one adds its line here, and nothing elsewhere.
export { html } from './html/definition.ts';
export { latex } from './latex/definition.ts';
export { mermaid } from './mermaid/definition.ts';
export { python } from './python/definition.ts';
export { smiles } from './smiles/definition.ts';
export { svg } from './svg/definition.ts';

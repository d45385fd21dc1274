export { adviseOn, type MermaidAdvice } from './advice.ts';
export { withLinesOf } from './error-lines.ts';
export { readSource, type MermaidSource } from './source.ts';

export { flawLanguages } from './languages/index.ts';
export { synthesizeFlaws, type FlawPorts, type FlawResult } from './synthesize.ts';

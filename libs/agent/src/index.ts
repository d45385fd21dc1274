export * from './ports.ts';
export { refine } from './loop/refine.ts';
export type { RefinementExit } from './loop/input.ts';
export { searchStrategies } from './search/index.ts';
export { selectPatches } from './patches/select.ts';

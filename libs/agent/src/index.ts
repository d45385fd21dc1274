export * from './ports.ts';
export { refine } from './loop/refine.ts';
export type { RefinementExit, RefineInput } from './loop/input.ts';
export { searchStrategies } from './search/index.ts';
export type { SearchStrategy } from './search/strategy.ts';
export { selectPatches, type PatchSelection } from './patches/select.ts';

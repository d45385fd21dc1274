export * from './ports.ts';
export { refine } from './loop/refine.ts';
export type { RefinementExit, RefineInput } from './loop/input.ts';
export { selectPatches, type PatchSelection } from './patches/select.ts';

export * from './ports.ts';
export { refine } from './refine.ts';
export type { Ending, RefineInput } from './refinement.ts';
export { selectPatches, type PatchSelection } from './patches.ts';

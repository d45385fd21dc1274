export { applyEdits, parseEdits } from './edits.ts';
export { brokenRegions, scoreIn, selectPatches, type PatchSelection } from './patches.ts';
export * from './ports.ts';
export { readReply, type Reading } from './reading.ts';
export { refine } from './refine.ts';
export type { Ending, RefineInput } from './refinement.ts';

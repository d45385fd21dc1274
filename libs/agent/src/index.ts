export * from './ports.ts';
export { refine } from './refine.ts';
export type { Ending, RefineInput } from './refinement.ts';

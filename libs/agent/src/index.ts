export * from './ports.ts';
export { refine } from './loop/refine.ts';
export { answerTurn, openTurn, type TurnExit } from './loop/episode.ts';
export type { LoopInput, RefinementExit } from './loop/input.ts';
export { stopBeforeContinuing } from './loop/stop.ts';
export { searchStrategies } from './search/index.ts';
export { promptSets } from './prompts/templates/index.ts';

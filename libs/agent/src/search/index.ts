import { greedy } from './greedy.ts';
import type { SearchStrategy } from './strategy.ts';

/** Every search strategy that a policy can name. To add one, add a file in this folder and a line here. */
export const searchStrategies: readonly SearchStrategy[] = [greedy];

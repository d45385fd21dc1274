import { greedy } from './greedy.ts';
import type { SearchStrategy } from './strategy.ts';

/** Every search strategy that a policy can name. A new one is a file beside this one and a line here. */
export const searchStrategies: readonly SearchStrategy[] = [greedy];

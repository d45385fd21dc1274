import { beam } from './beam.ts';
import { bestOfN } from './best-of-n.ts';
import { greedy } from './greedy.ts';
import { recombine } from './recombine.ts';
import type { SearchStrategy } from './strategy.ts';
import { treeSearch } from './tree-search.ts';

/** Every search strategy that a policy can name. To add one, add a file in this folder and a line here. */
export const searchStrategies: readonly SearchStrategy[] = [greedy, bestOfN, beam, treeSearch, recombine];

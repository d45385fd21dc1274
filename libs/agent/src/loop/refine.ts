import { treeOf } from '../search/tree.ts';
import type { RefineInput, RefinementExit } from './input.ts';
import { modelReplies } from './model-replies.ts';
import { exitByRound } from './result.ts';
import { openRound, runRound } from './round.ts';
import { withLoop } from './with-loop.ts';

/**
 * Refines one job: in each round the strategy plans groups of candidates, the model writes them, they are rendered and scored, and
 * the strategy selects which are kept, until a stop condition holds. Continues after the last stored round; within the next one,
 * stored candidates and recorded calls are reused. Rejects only on outages (a port that rejects for another reason than the signal).
 */
export function refine(input: RefineInput): Promise<RefinementExit> {
  return withLoop(input, async (loop, progress) => {
    const replies = modelReplies(loop, input.ports.model);
    for (;;) {
      const opened = await openRound(loop, progress.tree);
      if (opened.kind !== 'open') return exitByRound(opened, progress.tree);
      const round = await runRound(loop, progress.tree, { ...opened.round, replies });
      if (round.kind !== 'finished') return exitByRound(round, progress.tree);
      progress.tree = treeOf([...progress.tree.iterations, ...round.iterations]);
    }
  });
}

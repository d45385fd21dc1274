import { treeOf } from '../search/tree.ts';
import type { Loop, RefineInput, RefinementExit } from './input.ts';
import { modelReplies } from './model-replies.ts';
import { exitByRound } from './result.ts';
import { openRound, runRound, type OpenRound } from './round.ts';
import { withLoop } from './with-loop.ts';

/**
 * Refines one job: in each round the strategy plans groups of candidates, the model writes them, they are rendered and scored, and
 * the strategy selects which are kept, until a stop condition holds. Continues after the last stored round; within the next one,
 * stored candidates and recorded calls are reused. Rejects only on outages (a port that rejects for another reason than the signal).
 */
export function refine(input: RefineInput): Promise<RefinementExit> {
  const maxImages = (): number => input.ports.model.maxImages(input.job.model);
  return withLoop({ ...input, maxImages }, async (loop, progress) => {
    const replies = modelReplies(loop, input.ports);
    for (;;) {
      const bound = maxImages();
      const opened = await openRound(loop, progress.tree);
      if (opened.kind !== 'open') return exitByRound(opened, progress.tree);
      const round = await runRound(loop, progress.tree, { ...opened.round, replies });
      // A server that has refused the prompt for its images gets one with as many as it takes.
      if (round.kind === 'failed' && maxImages() < bound) {
        await sayFewerImages(loop, opened.round, maxImages());
        continue;
      }
      if (round.kind !== 'finished') return exitByRound(round, progress.tree);
      progress.tree = treeOf([...progress.tree.iterations, ...round.iterations]);
    }
  });
}

async function sayFewerImages({ ports }: Loop, { groups }: OpenRound, images: number): Promise<void> {
  const reason = `The model's server takes at most ${images} ${images === 1 ? 'image' : 'images'} a request: asked again with fewer.`;
  const data = { iteration: groups[0]!.iteration, candidate: 0, reason, waitMs: 0 };
  await ports.trajectory.emit({ type: 'call.retried', data });
}

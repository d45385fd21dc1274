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
  const { model } = input.ports;
  const maxImages = (name: string): number => model.maxImages(name);
  return withLoop({ ...input, maxImages }, async (loop, progress) => {
    for (;;) {
      const opened = await openRound(loop, progress.tree);
      if (opened.kind !== 'open') return exitByRound(opened, progress.tree);
      const steered = opened.round.loop;
      progress.signal = steered.signal;
      const round = await runRound(progress.tree, { ...opened.round, replies: modelReplies(steered, model) });
      // A server that has refused the prompt for its images gets one with as many as it takes.
      const taken = maxImages(steered.job.model);
      if (round.kind === 'failed' && taken < opened.round.maxImages) {
        await sayFewerImages(loop, opened.round, taken);
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

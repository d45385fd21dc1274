import type { ModelLimits } from '@pentimento/contracts';
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
  const limits = (model: string): ModelLimits => input.ports.model.limits(model);
  return withLoop({ ...input, limits }, async (loop, progress) => {
    let refused: OpenRound | undefined;
    for (;;) {
      const opened = await openRound(loop, progress.tree);
      if (opened.kind !== 'open') return exitByRound(opened, progress.tree);
      const steered = opened.round.loop;
      progress.signal = steered.signal;
      const known = opened.round.limits;
      const round = await runRound(progress.tree, { ...opened.round, replies: modelReplies(steered, input.ports) });
      // A server that has refused the prompt for its size gets a smaller one, if there is one.
      const now = limits(steered.job.model);
      if (round.kind === 'failed' && isLower(now, known) && !isSame(opened.round, refused)) {
        refused = opened.round;
        await announceSmallerPrompt(loop, refused, { known, now });
        continue;
      }
      if (round.kind !== 'finished') return exitByRound(round, progress.tree);
      progress.tree = treeOf([...progress.tree.iterations, ...round.iterations]);
    }
  });
}

const isLower = (now: ModelLimits, known: ModelLimits): boolean =>
  now.images < known.images || now.contextTokens < known.contextTokens;

const isSame = (round: OpenRound, other: OpenRound | undefined): boolean =>
  round.groups.every(({ prompt }, index) => prompt === other?.groups[index]?.prompt);

async function announceSmallerPrompt(
  { ports }: Loop,
  { groups }: OpenRound,
  { known, now }: Record<'known' | 'now', ModelLimits>,
): Promise<void> {
  const why =
    now.images < known.images
      ? `takes at most ${now.images} ${now.images === 1 ? 'image' : 'images'} a request`
      : `takes no more than ${now.contextTokens} tokens`;
  const reason = `The model's server ${why}: asked again with a smaller prompt.`;
  const data = { iteration: groups[0]!.iteration, candidate: 0, reason, waitMs: 0 };
  await ports.trajectory.emit({ type: 'call.retried', data });
}

import type { ModelCall, ModelReply, OpenTurn } from '@pentimento/contracts';
import { treeOf } from '../search/tree.ts';
import { enterStage } from './candidate.ts';
import type { Loop, LoopInput, RefinementExit } from './input.ts';
import { recordReply } from './record-reply.ts';
import { exitByRound } from './result.ts';
import { openRound, reopenRound, runRound, type OpenRound } from './round.ts';
import { withLoop, type Progress } from './with-loop.ts';

export type TurnExit = ({ kind: 'open' } & OpenTurn) | RefinementExit;

export interface CallerReply {
  reply: ModelReply;
  sampling: ModelCall['sampling'];
}

/**
 * The next prompt of a job whose replies come from a caller, after its initial code where it has some; or how the job ends. The same
 * stored iterations give the same prompt again. Its policy must give rounds of one group with one candidate.
 */
export function openTurn(input: LoopInput): Promise<TurnExit> {
  return withLoop(input, advance);
}

/**
 * Takes the caller's reply to an open turn as `refine` takes a model's: it is recorded first, unless it is recorded already. Returns
 * the next open turn, or how the job ends.
 */
export function answerTurn(input: LoopInput, turn: OpenTurn, answer: CallerReply): Promise<TurnExit> {
  return withLoop(input, async (loop, progress) => {
    const { trajectory } = loop.ports;
    const position = { iteration: turn.iteration, candidate: 0, prompt: turn.prompt, sampling: answer.sampling };
    const call = (await trajectory.findCall(turn.iteration, 0)) ?? (await recordReply(loop, position, answer.reply));
    if (call === 'lost') return { kind: 'lost' };
    const opened = await reopenRound(loop, progress.tree, turn);
    if (opened.kind !== 'open') return exitByRound(opened, progress.tree);
    return (await finishRound(progress, opened.round)) ?? advance(loop, progress);
  });
}

/** Runs what needs no reply, up to the next prompt. */
async function advance(loop: Loop, progress: Progress): Promise<TurnExit> {
  for (;;) {
    const opened = await openRound(loop, progress.tree);
    if (opened.kind !== 'open') return exitByRound(opened, progress.tree);
    const { groups, startedAt } = opened.round;
    const [{ iteration, prompt }] = groups as [(typeof groups)[0]];
    if (prompt !== null) {
      if ((await enterStage(loop, { iteration, candidate: 0, stage: 'model' })) === 'lost') return { kind: 'lost' };
      return { kind: 'open', iteration, prompt, startedAt };
    }
    const exit = await finishRound(progress, opened.round);
    if (exit) return exit;
  }
}

/** Undefined where the round is finished. */
async function finishRound(progress: Progress, opened: OpenRound): Promise<RefinementExit | undefined> {
  const round = await runRound(progress.tree, { ...opened, replies: noReplies });
  if (round.kind !== 'finished') return exitByRound(round, progress.tree);
  progress.tree = treeOf([...progress.tree.iterations, ...round.iterations]);
  return undefined;
}

const noReplies = () => Promise.reject(new Error('The reply of a turn must be recorded before its round is run.'));

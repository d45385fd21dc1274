import { promptSets } from '../prompts/templates/index.ts';
import { treeOf, type SearchTree } from '../search/tree.ts';
import type { Loop, LoopInput, RefinementExit } from './input.ts';
import { exitByAbort, exitByUnknown } from './result.ts';
import { unsteered } from './steering.ts';

/** How far a run of the loop has come: it sets the tree after each round. */
export interface Progress {
  tree: SearchTree;
  /** Of the round that is under way. */
  signal?: AbortSignal;
}

/**
 * Runs `work` within the job's time and the input's signal, from the last stored round. An abort is an exit. Rejects only on
 * outages (a port that rejects for another reason than the signal).
 */
export async function withLoop<Exit>(
  input: LoopInput,
  work: (loop: Loop, progress: Progress) => Promise<Exit>,
): Promise<Exit | RefinementExit> {
  const { job, signal, strategies } = input;
  const progress: Progress = { tree: treeOf(input.from) };
  const strategy = strategies.find(({ id }) => id === job.policy.strategy);
  if (!strategy) return exitByUnknown('search strategy', job.policy.strategy, strategies, progress.tree);
  const promptSet = promptSets.find(({ id }) => id === job.policy.promptSet);
  if (!promptSet) return exitByUnknown('prompt set', job.policy.promptSet, promptSets, progress.tree);
  const end = new AbortController();
  const loop = startLoop(input, { strategy, promptSet }, end.signal);
  try {
    return await work(loop, progress);
  } catch (error) {
    if (!(progress.signal ?? loop.signal).aborted) throw error;
    return exitByAbort(signal, progress.tree, job.budget.maxSeconds);
  } finally {
    // An outage of one candidate leaves the calls of the others open.
    end.abort();
  }
}

function startLoop(input: LoopInput, chosen: Pick<Loop, 'strategy' | 'promptSet'>, end: AbortSignal): Loop {
  const { job, signal } = input;
  const { clock } = input.ports;
  const startedAt = clock.now();
  const untimed = AbortSignal.any([signal, end]);
  const signals = [untimed];
  if (job.budget.maxSeconds !== undefined)
    signals.push(clock.timeout(Math.max(0, Math.ceil((job.budget.maxSeconds - job.spent.seconds) * 1000))));
  return {
    ...input,
    ...chosen,
    signal: AbortSignal.any(signals),
    untimed,
    steering: unsteered,
    seconds: () => job.spent.seconds + (clock.now() - startedAt) / 1000,
  };
}

import { treeOf } from '../search/tree.ts';
import type { Loop, RefineInput, RefinementExit } from './input.ts';
import { exitByAbort, exitByFailure, exitByStop, exitWithoutStrategy } from './result.ts';
import { runRound } from './round.ts';
import { firstStop, loopState, stopConditions } from './stop.ts';

/**
 * Refines one job: in each round the strategy plans groups of candidates, the model writes them, they are rendered and scored, and
 * the strategy selects which are kept, until a stop condition holds. Continues after the last stored round; within the next one,
 * stored candidates and recorded calls are reused. Rejects only on outages (a port that rejects for another reason than the signal).
 */
export async function refine(input: RefineInput): Promise<RefinementExit> {
  const { job, signal, strategies } = input;
  let tree = treeOf(input.from);
  const strategy = strategies.find(({ id }) => id === job.policy.strategy);
  if (!strategy) return exitWithoutStrategy(job.policy.strategy, strategies, tree);
  const end = new AbortController();
  const loop = startLoop(input, strategy, end.signal);
  try {
    for (;;) {
      const stop = firstStop(stopConditions(job.policy, job.budget), loopState(loop, tree));
      if (stop) return exitByStop(stop, tree);
      const round = await runRound(loop, tree);
      if (round.kind === 'lost') return { kind: 'lost' };
      if (round.kind === 'failed') return exitByFailure(round.failures, tree);
      if (round.kind === 'stopped') return exitByStop(round.stop, tree);
      tree = treeOf([...tree.iterations, ...round.iterations]);
    }
  } catch (error) {
    if (!loop.signal.aborted) throw error;
    return exitByAbort(signal, tree, job.budget.maxSeconds);
  } finally {
    // An outage of one candidate leaves the calls of the others open.
    end.abort();
  }
}

function startLoop(input: RefineInput, strategy: Loop['strategy'], end: AbortSignal): Loop {
  const { job, signal } = input;
  const { clock } = input.ports;
  const startedAt = clock.now();
  const signals = [signal, end];
  if (job.budget.maxSeconds !== undefined)
    signals.push(clock.timeout(Math.max(0, Math.ceil((job.budget.maxSeconds - job.spent.seconds) * 1000))));
  return {
    ...input,
    strategy,
    signal: AbortSignal.any(signals),
    seconds: () => job.spent.seconds + (clock.now() - startedAt) / 1000,
  };
}

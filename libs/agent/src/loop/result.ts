import type { Candidate, JobError, ModelFailure, RefinementResult } from '@pentimento/contracts';
import { RefinementAborted } from '../ports.ts';
import type { SearchStrategy } from '../search/strategy.ts';
import type { SearchTree } from '../search/tree.ts';
import type { RefinementExit } from './input.ts';
import type { RoundResult } from './round.ts';
import type { Stop } from './stop.ts';

/** A stop condition held. Where nothing has rendered, the result has an error that says why. */
function exitByStop({ reason, detail }: Stop, { best, iterations }: SearchTree): RefinementExit {
  const result = { kind: 'ended', stopReason: reason, detail, error: null } as const;
  if (best) return { ...result, outcome: reason === 'threshold' ? 'threshold_met' : 'best_effort' };
  if (reason === 'user') return { ...result, outcome: null };
  return { ...result, outcome: 'nothing_rendered', error: nothingRendered(iterations.at(-1)?.candidates[0]) };
}

function nothingRendered(last: Candidate | undefined): JobError {
  const why = last?.render?.status === 'failed' ? last.render.message : last?.parseDetail;
  const lastError = why ? ` The last error: ${firstLine(why)}` : '';
  return {
    code: 'nothing_rendered',
    message: `No reply gave code that renders.${lastError} Try another model, or submit your own initial code.`,
  };
}

/** A round was not run to its end. */
export function exitByRound(round: Exclude<RoundResult, { kind: 'finished' }>, tree: SearchTree): RefinementExit {
  switch (round.kind) {
    case 'lost':
      return { kind: 'lost' };
    case 'failed':
      return exitByFailure(round.failures, tree);
    case 'stopped':
      return exitByStop(round.stop, tree);
    case 'ended':
      return exitAgain(round.end, tree);
  }
}

/** A job that was queued for edits alone ends as it had ended; one in which nothing had rendered has a best now, or still none. */
function exitAgain(end: RefinementResult, { best }: SearchTree): RefinementExit {
  if (!best || end.outcome === 'threshold_met') return { kind: 'ended', ...end };
  if (end.outcome !== 'nothing_rendered') return { kind: 'ended', ...end, outcome: 'best_effort' };
  const detail = 'Nothing but an edit by hand rendered.';
  return { kind: 'ended', stopReason: 'plateau', outcome: 'best_effort', detail, error: null };
}

/** All model calls of a group failed. */
function exitByFailure(failures: readonly ModelFailure[], tree: SearchTree): RefinementExit {
  const { kind, message } = failures[0]!;
  return exitByError(tree, { code: `model_${kind}`, detail: message, remedy: 'retry the job to continue' });
}

/** The policy names a strategy that this worker does not have. */
export function exitWithoutStrategy(
  id: string,
  strategies: readonly SearchStrategy[],
  tree: SearchTree,
): RefinementExit {
  const detail = `This server does not know the search strategy "${id}", only ${strategies.map((strategy) => strategy.id).join(', ')}.`;
  return exitByError(tree, {
    code: 'strategy_unknown',
    detail,
    remedy: 'retry the job on a server that has the strategy',
  });
}

function exitByError(
  { best }: SearchTree,
  { code, detail, remedy }: { code: string; detail: string; remedy: string },
): RefinementExit {
  const advice = best
    ? `All finished iterations and the best code are kept; ${remedy}.`
    : `${remedy[0]!.toUpperCase()}${remedy.slice(1)}.`;
  return {
    kind: 'ended',
    stopReason: 'error',
    outcome: best ? 'best_effort' : null,
    detail,
    error: { code, message: `${detail} ${advice}` },
  };
}

/** The job's own time is over, or `signal` aborted. */
export function exitByAbort(signal: AbortSignal, tree: SearchTree, maxSeconds: number | undefined): RefinementExit {
  if (!signal.aborted)
    return exitByStop({ reason: 'timeout', detail: `The ${maxSeconds} seconds of the job are over.` }, tree);
  const by = signal.reason instanceof RefinementAborted ? signal.reason.by : 'shutdown';
  switch (by) {
    case 'user':
      return exitByStop({ reason: 'user', detail: 'Canceled by the user.' }, tree);
    case 'shutdown':
      return { kind: 'interrupted' };
    case 'lost':
      return { kind: 'lost' };
  }
}

function firstLine(text: string): string {
  const line = text.trim().split('\n')[0] ?? '';
  return /[.!?]$/.test(line) ? line : `${line}.`;
}

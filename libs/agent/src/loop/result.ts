import type { Candidate, JobError, ModelFailure, RefinementResult } from '@pentimento/contracts';
import { RefinementAborted } from '../ports.ts';
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
  // What rendered and was not accepted, though nothing was there to compare it with, holds a bitmap.
  const problem =
    last?.render?.status === 'ok'
      ? 'The code embeds the image as a bitmap instead of drawing it.'
      : `No reply gave code that renders.${lastError}`;
  return {
    code: 'nothing_rendered',
    message: `${problem} Try another model, or submit your own initial code.`,
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

/** The policy names something that this worker does not have. */
export function exitByUnknown(
  what: 'search strategy' | 'prompt set',
  id: string,
  known: readonly { id: string }[],
  tree: SearchTree,
): RefinementExit {
  const detail = `This server does not know the ${what} "${id}", only ${known.map((each) => each.id).join(', ')}.`;
  const code = what === 'search strategy' ? 'strategy_unknown' : 'prompt_set_unknown';
  return exitByError(tree, { code, detail, remedy: `retry the job on a server that has the ${what}` });
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

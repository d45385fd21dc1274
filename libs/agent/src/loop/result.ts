import type { Candidate, JobError, ModelFailure } from '@pentimento/contracts';
import { RefinementAborted } from '../ports.ts';
import type { RefinementExit } from './input.ts';
import type { Stop } from './stop.ts';
import type { Trajectory } from '../search/tree.ts';

/** The ending by a stop condition: with nothing to show it carries an error that says why. */
export function ended({ reason, detail }: Stop, { best, iterations }: Trajectory): RefinementExit {
  const ending = { kind: 'ended', stopReason: reason, detail, error: null } as const;
  if (best) return { ...ending, outcome: reason === 'threshold' ? 'threshold_met' : 'best_effort' };
  if (reason === 'user') return { ...ending, outcome: null };
  return { ...ending, outcome: 'nothing_rendered', error: nothingRendered(iterations.at(-1)?.candidates[0]) };
}

function nothingRendered(last: Candidate | undefined): JobError {
  const why = last?.render?.status === 'failed' ? last.render.message : last?.parseDetail;
  const said = why ? ` The last said: ${firstLine(why)}` : '';
  return {
    code: 'nothing_rendered',
    message: `No reply gave code that renders.${said} Try another model, or submit your own initial code.`,
  };
}

/** The ending where no candidate of a group got a reply. */
export function failed(failures: readonly ModelFailure[], { best }: Trajectory): RefinementExit {
  const { kind, message } = failures[0]!;
  const kept = best
    ? ' All finished iterations and the best code are kept; retry the job to go on.'
    : ' Retry the job to go on.';
  return {
    kind: 'ended',
    stopReason: 'error',
    outcome: best ? 'best_effort' : null,
    detail: message,
    error: { code: `model_${kind}`, message: message + kept },
  };
}

/** The ending by the job's own time or by whoever aborted `signal`. */
export function stoppedFromOutside(
  signal: AbortSignal,
  trajectory: Trajectory,
  maxSeconds: number | undefined,
): RefinementExit {
  if (!signal.aborted)
    return ended({ reason: 'timeout', detail: `The ${maxSeconds} seconds of the job are over.` }, trajectory);
  const by = signal.reason instanceof RefinementAborted ? signal.reason.by : 'shutdown';
  switch (by) {
    case 'user':
      return ended({ reason: 'user', detail: 'Canceled by the user.' }, trajectory);
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

import type { EventData, JobEvent, RenderFailureKind, Verdict } from '@pentimento/contracts';
import { paint } from './terminal.ts';

type Finished = EventData<'iteration.finished'>;

const verdictWords: Record<Verdict, string> = {
  accepted: 'new best',
  no_gain: 'no gain',
  not_best: 'a sibling was better',
  no_render: 'nothing rendered',
  no_code: 'no code in the reply',
  duplicate: 'same pixels as before',
};

/** A job's events as lines of text: one an iteration, and one for what a person should know in between. */
export class TrajectoryLines {
  private readonly colours: boolean;
  private failure: RenderFailureKind | null = null;

  constructor(colours: boolean) {
    this.colours = colours;
  }

  /** Undefined where the event deserves no line. */
  lineOf(event: JobEvent): string | undefined {
    switch (event.type) {
      case 'iteration.started':
        this.failure = null;
        return undefined;
      case 'candidate.finished':
        this.failure = event.data.failure ?? this.failure;
        return undefined;
      case 'iteration.finished':
        return iterationLine(event.data, this.failure, this.colours);
      case 'call.retried':
        return `  the model is asked again in ${duration(event.data.waitMs)}: ${event.data.reason}`;
      case 'job.queued':
        return event.data.reason === 'created' ? undefined : `  queued again (${event.data.reason})`;
      case 'job.canceling':
        return '  canceling: finished iterations are kept';
      case 'job.finished':
        return `${event.data.outcome?.replace('_', ' ') ?? event.data.status}: ${event.data.detail}`;
      default:
        return undefined;
    }
  }
}

export function iterationLine(data: Finished, failure: RenderFailureKind | null, colours: boolean): string {
  const { iteration, kind, score, change, accepted, worstPatch, ms } = data;
  const fields = [
    `iteration ${String(iteration).padStart(2)}`,
    kind.padEnd(8),
    `score ${figure(score)}`,
    paint(`change ${signed(change)}`, accepted ? 'green' : 'dim', colours),
    `model ${duration(ms.model).padStart(7)}`,
    `render ${duration(ms.render).padStart(7)}`,
    `reward ${duration(ms.reward).padStart(7)}`,
    worstPatch
      ? `worst patch ${figure(worstPatch.score)} at x ${worstPatch.x} y ${worstPatch.y}, ${worstPatch.width} x ${worstPatch.height}`
      : '',
    accepted ? '' : paint(`(${rejection(data, failure)})`, 'yellow', colours),
  ];
  return fields.filter(Boolean).join('  ');
}

function rejection({ verdicts, best }: Finished, failure: RenderFailureKind | null): string {
  const words = [...new Set(verdicts)].map((verdict) =>
    verdict === 'no_render' && failure ? `${verdictWords.no_render}: ${failure}` : verdictWords[verdict],
  );
  return `${words.join(', ')}; best stays ${figure(best)}`;
}

/** A score with four decimals, in six columns. */
export const figure = (score: number | null): string => (score === null ? '  --  ' : score.toFixed(4));

const signed = (change: number | null): string =>
  change === null ? '   --  ' : `${change < 0 ? '-' : '+'}${Math.abs(change).toFixed(4)}`;

/** Milliseconds in the unit that a person reads: `240 ms`, `3.1 s`, `2.5 min`. */
export function duration(ms: number | null): string {
  if (ms === null) return '--';
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  return ms < 100_000 ? `${(ms / 1000).toFixed(1)} s` : `${(ms / 60_000).toFixed(1)} min`;
}

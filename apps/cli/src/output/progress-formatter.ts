import type { EventData, JobEvent, RenderFailureKind, Verdict } from '@pentimento/contracts';
import { paint } from '../terminal/terminal.ts';

type Finished = EventData<'iteration.finished'>;

const verdictWords: Record<Verdict, string> = {
  accepted: 'new best',
  no_gain: 'no gain',
  not_best: 'another candidate was better',
  no_render: 'nothing rendered',
  no_code: 'no code in the reply',
  duplicate: 'same pixels as before',
  blank: 'drew nothing',
  embedded_bitmap: 'an embedded bitmap instead of a drawing',
  text_lost: 'lost text that was right',
  tile_lost: 'the worst tile got worse',
  lock_broken: 'a locked region got worse',
};

/** Formats a job's events: one line for each iteration, and one for other news that a person should read. */
export class ProgressFormatter {
  private readonly colors: boolean;
  private failure: RenderFailureKind | null = null;

  constructor(colors: boolean) {
    this.colors = colors;
  }

  /** The event's line; undefined where it has none. */
  format(event: JobEvent): string | undefined {
    switch (event.type) {
      case 'iteration.started':
        this.failure = null;
        return undefined;
      case 'candidate.finished':
        this.failure = event.data.failure ?? this.failure;
        return undefined;
      case 'iteration.finished':
        return iterationLine(event.data, this.failure, this.colors);
      case 'call.retried':
        return `  the model is called again in ${formatDuration(event.data.waitMs)}: ${event.data.reason}`;
      case 'job.queued':
        return event.data.reason === 'created' ? undefined : `  queued again (${event.data.reason})`;
      case 'intervention.created':
        return `  steered (${event.data.kind}): it holds from the next round on`;
      case 'intervention.withdrawn':
        return `  withdrawn (${event.data.kind}): it does not hold from the next round on`;
      case 'job.canceling':
        return '  canceling: finished iterations are kept';
      case 'job.finished':
        return `${event.data.outcome?.replace('_', ' ') ?? event.data.status}: ${event.data.detail}`;
      default:
        return undefined;
    }
  }
}

export function iterationLine(data: Finished, failure: RenderFailureKind | null, colors: boolean): string {
  const { iteration, kind, score, change, worstPatch, ms } = data;
  const accepted = data.accepted.length > 0;
  const fields = [
    `iteration ${String(iteration).padStart(2)}`,
    kind.padEnd(8),
    `score ${formatScore(score)}`,
    paint(`change ${signed(change)}`, accepted ? 'green' : 'dim', colors),
    `model ${formatDuration(ms.model).padStart(7)}`,
    `render ${formatDuration(ms.render).padStart(7)}`,
    `reward ${formatDuration(ms.reward).padStart(7)}`,
    worstPatch
      ? `worst patch ${formatScore(worstPatch.score)} at x ${worstPatch.x} y ${worstPatch.y}, ${worstPatch.width} x ${worstPatch.height}`
      : '',
    accepted ? '' : paint(`(${rejection(data, failure)})`, 'yellow', colors),
  ];
  return fields.filter(Boolean).join('  ');
}

function rejection({ verdicts, best }: Finished, failure: RenderFailureKind | null): string {
  const words = [...new Set(verdicts)].map((verdict) =>
    verdict === 'no_render' && failure ? `${verdictWords.no_render}: ${failure}` : verdictWords[verdict],
  );
  return `${words.join(', ')}; best stays ${formatScore(best)}`;
}

/** A score with four decimals, six columns wide. */
export const formatScore = (score: number | null): string => (score === null ? '  --  ' : score.toFixed(4));

const signed = (change: number | null): string =>
  change === null ? '   --  ' : `${change < 0 ? '-' : '+'}${Math.abs(change).toFixed(4)}`;

/** Milliseconds in a readable unit: `240 ms`, `3.1 s`, `2.5 min`. */
export function formatDuration(ms: number | null): string {
  if (ms === null) return '--';
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  return ms < 100_000 ? `${(ms / 1000).toFixed(1)} s` : `${(ms / 60_000).toFixed(1)} min`;
}

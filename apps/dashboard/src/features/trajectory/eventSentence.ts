import type { JobEvent } from '@pentimento/contracts';
import { formatChange, formatDuration, formatScore } from '../../ui/format.ts';
import { stopWord } from '../../ui/StatusMark.tsx';
import { stageWord } from './live.ts';

/** An event in words. */
export function eventSentence(event: JobEvent): string {
  switch (event.type) {
    case 'job.queued':
      return {
        created: 'Queued.',
        retried: 'Queued again by a retry.',
        recovered: 'Queued again after a worker was lost.',
        continued: 'Queued again to continue.',
        edited: 'Queued again for an edit by hand.',
      }[event.data.reason];
    case 'job.started':
      return `Worker ${event.data.worker} begins at iteration ${event.data.fromIteration}.`;
    case 'job.waiting':
      return `Iteration ${event.data.iteration} waits for the caller's reply.`;
    case 'iteration.started':
      return `Iteration ${event.data.iteration}: ${event.data.kind}, ${plural(event.data.candidates, 'candidate')}.`;
    case 'candidate.stage':
      return `Iteration ${event.data.iteration}, candidate ${event.data.candidate}: ${stageWord(event.data.stage)}.`;
    case 'call.retried':
      return `The model is asked again in ${formatDuration(event.data.waitMs)}: ${event.data.reason}`;
    case 'candidate.finished': {
      const { iteration, candidate, failure, overall } = event.data;
      return `Iteration ${iteration}, candidate ${candidate}: ${failure ? `no image, ${failure}` : `score ${formatScore(overall)}`}.`;
    }
    case 'iteration.finished': {
      const { iteration, score, change } = event.data;
      const gain = change === null ? '' : `, best ${formatChange(change)}`;
      return `Iteration ${iteration} is over: ${score === null ? 'nothing rendered' : `score ${formatScore(score)}`}${gain}.`;
    }
    case 'intervention.created':
      return `A person steers the job: ${event.data.kind}.`;
    case 'intervention.withdrawn':
      return `A person withdraws: ${event.data.kind}.`;
    case 'job.canceling':
      return 'The job is asked to stop.';
    case 'job.finished':
      return `Ended, ${stopWord(event.data.stopReason)}: ${event.data.detail}`;
  }
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

import type { Candidate, Job } from '@pentimento/contracts';
import { formatScore } from '../../ui/format.ts';
import { candidateImage, missingImage, targetImage, type SideImage, type Side } from '../compare/model.ts';
import type { SideOption } from '../compare/ViewerControls.tsx';
import type { Step } from './model.ts';

interface Context {
  job: Job;
  steps: readonly Step[];
  selected: Candidate | null;
}

/** The image on one side of the viewer. */
export function imageOf(side: Side, { job, steps, selected }: Context): SideImage {
  const { target } = job;
  if (side === 'target') return targetImage(job);
  if (side === 'selected') {
    return selected ? candidateImage(selected, target) : missingImage('Iteration', waiting(job), target);
  }
  if (side === 'best') {
    const best = bestCandidate(job, steps);
    return best ? candidateImage(best, target) : missingImage('Best', 'Nothing has rendered yet.', target);
  }
  const step = steps.find((other) => other.index === side);
  return step
    ? candidateImage(step.candidate, target)
    : missingImage(`Iteration ${side}`, `There is no iteration ${side} yet.`, target);
}

function bestCandidate(job: Job, steps: readonly Step[]): Candidate | undefined {
  const step = steps.find((other) => other.index === job.best?.iteration);
  return step?.iteration.candidates.find((candidate) => candidate.id === job.best?.candidate);
}

function waiting(job: Job): string {
  if (job.status === 'queued') return 'Waiting for a worker.';
  if (job.finishedAt) return 'The job ended before its first iteration was over.';
  return 'The first iteration is under way.';
}

export function sideOptions({ job, steps, selected }: Context): SideOption[] {
  return [
    { value: 'target', label: 'Target' },
    { value: 'selected', label: selected ? `Iteration ${selected.iteration}` : 'Iteration' },
    { value: 'best', label: job.best ? `Best (iteration ${job.best.iteration})` : 'Best' },
    ...steps.map((step) => ({
      value: String(step.index),
      label: `Always ${step.index}: ${step.score === null ? (step.failure ?? '') : formatScore(step.score)}`,
    })),
  ];
}

/** What the selected candidate is most likely compared with: the one that is shown beside it, the best, its parent. */
export function rivals(selected: Candidate, shown: readonly SideImage[], job: Pick<Job, 'best'>): (string | null)[] {
  const compared = shown.find(({ candidate }) => candidate && candidate.id !== selected.id);
  return [compared?.candidate?.id ?? null, job.best?.candidate ?? null, selected.parents[0] ?? null];
}

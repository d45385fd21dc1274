import type { Forecast, Job } from '@pentimento/contracts';

/** The last gains of the job itself: earlier ones say little of what is left to gain. */
const maxOwn = 3;
/** With fewer gains an interval would say more than is known. */
const minForInterval = 8;
const tenth = 0.1;

/**
 * The gain of the job's next iteration. Each gain is a share of what was left to gain, so that good and bad starts compare: the job's last
 * three, and that of the same iteration of each past job. The expectation is their mean, the interval their tenths.
 * @param past jobs of the same model and language; the job itself and those that did not come as far are left out.
 */
export function forecastOf(
  job: Pick<Job, 'id' | 'scores'>,
  past: readonly Pick<Job, 'id' | 'scores'>[],
): Forecast | null {
  const next = job.scores.length;
  const best = bestUpTo(job.scores, next);
  if (best === null) return null;
  const own = sharesOf(job.scores).slice(-maxOwn);
  const others = past
    .filter(({ id, scores }) => id !== job.id && scores.length > next)
    .flatMap(({ scores }) => shareAt(scores, next) ?? []);
  const shares = [...own, ...others].sort((a, b) => a - b);
  if (shares.length === 0) return null;
  const gainOf = (share: number) => share * (1 - best);
  const hasInterval = shares.length >= minForInterval;
  return {
    gain: gainOf(shares.reduce((sum, share) => sum + share, 0) / shares.length),
    low: hasInterval ? gainOf(quantile(shares, tenth)) : null,
    high: hasInterval ? gainOf(quantile(shares, 1 - tenth)) : null,
    jobs: others.length,
    own: own.length,
  };
}

const sharesOf = (scores: Job['scores']): number[] =>
  scores.flatMap((_, index) => (index === 0 ? [] : (shareAt(scores, index) ?? [])));

/** What the iteration gained, as a share of what was left; null where nothing had rendered before it, or nothing was left. */
function shareAt(scores: Job['scores'], index: number): number | null {
  const before = bestUpTo(scores, index);
  if (before === null || before >= 1) return null;
  return (bestUpTo(scores, index + 1)! - before) / (1 - before);
}

function bestUpTo(scores: Job['scores'], end: number): number | null {
  const known = scores.slice(0, end).filter((score) => score !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** Between the nearest two of the sorted values. */
function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)]!;
  return below + (sorted[Math.ceil(at)]! - below) * (at % 1);
}

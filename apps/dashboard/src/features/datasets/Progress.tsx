import type { Export } from '@pentimento/contracts';
import { progressShare, progressWords } from './words.ts';

/** How far an export is: a bar and the figures. */
export function Progress({ dataset }: { dataset: Export }) {
  const share = progressShare(dataset);
  const words = progressWords(dataset);
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1" data-testid="progress">
      <div
        role="progressbar"
        aria-label={`Progress of ${dataset.name}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share === null ? undefined : Math.round(share * 100)}
        aria-valuetext={words}
        className="h-1.5 w-48 max-w-full shrink-0 overflow-hidden rounded-full bg-surround outline outline-line"
      >
        {share !== null && <div className="h-full bg-accent" style={{ width: `${share * 100}%` }} />}
      </div>
      <span className="tabular min-w-0 text-sm text-muted">{words}</span>
    </div>
  );
}

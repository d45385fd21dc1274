import { Announcer } from '../../ui/Announcer.tsx';
import { formatCount } from '../../ui/format.ts';
import type { Counted } from './usePreview.ts';
import { countsSentence, plural } from './words.ts';

/** What the filters select, of the height that it always has. */
export function CountsLine({ counted: { counts, stale, error }, valid }: { counted: Counted; valid: boolean }) {
  const state = !valid
    ? 'Not counted: a field is not valid.'
    : error
      ? 'Not counted.'
      : stale
        ? 'Counting…'
        : 'Ended jobs that match';
  return (
    <div className="min-w-0">
      <Announcer message={counts && !stale && valid ? countsSentence(counts) : ''} />
      <div data-testid="counts" aria-busy={stale}>
        <p className="tabular">
          <Figure count={valid ? counts?.trajectories : undefined} word="trajectory" />{' '}
          <Figure count={valid ? counts?.candidates : undefined} word="candidate" />
        </p>
        <p className="truncate text-xs text-muted">{state}</p>
      </div>
    </div>
  );
}

function Figure({ count, word }: { count: number | undefined; word: string }) {
  return (
    <span className="mr-2 inline-block whitespace-nowrap">
      <strong className="text-lg font-semibold">{count === undefined ? '–' : formatCount(count)}</strong>{' '}
      <span className="text-sm text-muted">{count === 1 ? word : plural(word)}</span>
    </span>
  );
}

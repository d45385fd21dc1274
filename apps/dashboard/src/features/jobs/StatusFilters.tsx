'use client';

import { jobStatuses, type JobPage, type JobStatus } from '@pentimento/contracts';
import clsx from 'clsx';
import { formatCount } from '../../ui/format.ts';
import { StatusShape, statusWord } from '../../ui/StatusMark.tsx';

/** Shown only while a job is in them. */
const passing: readonly JobStatus[] = ['waiting', 'canceling'];

/** The counts are the filters. */
export function StatusFilters({
  counts,
  selected,
  onSelect,
}: {
  counts: JobPage['counts'] | undefined;
  selected: JobStatus | null;
  onSelect: (status: JobStatus | null) => void;
}) {
  const total = counts && jobStatuses.reduce((sum, status) => sum + (counts[status] ?? 0), 0);
  return (
    <div
      role="group"
      aria-label="Status"
      className="flex min-w-0 gap-1 overflow-x-auto max-md:w-full"
      data-testid="status-filters"
    >
      <Chip on={selected === null} onClick={() => onSelect(null)} count={total}>
        All
      </Chip>
      {jobStatuses.map((status) => (
        <Chip
          key={status}
          on={selected === status}
          onClick={() => onSelect(selected === status ? null : status)}
          count={counts?.[status]}
          hidden={passing.includes(status) && !counts?.[status] && selected !== status}
        >
          <StatusShape status={status} />
          {statusWord(status)}
        </Chip>
      ))}
    </div>
  );
}

function Chip({
  on,
  onClick,
  count,
  hidden,
  children,
}: {
  on: boolean;
  onClick: () => void;
  count: number | undefined;
  hidden?: boolean;
  children: React.ReactNode;
}) {
  if (hidden) return null;
  return (
    <button
      type="button"
      aria-pressed={on}
      onClick={onClick}
      className={clsx(
        'inline-flex h-8 shrink-0 items-center outline-offset-[-2px] gap-1.5 rounded border px-2.5',
        on ? 'border-accent' : 'border-transparent text-muted hover:bg-hover hover:text-ink',
      )}
    >
      {children}
      <span className={clsx('tabular min-w-3 text-right', on ? 'font-semibold' : 'text-muted')}>
        {count === undefined ? '' : formatCount(count)}
      </span>
    </button>
  );
}

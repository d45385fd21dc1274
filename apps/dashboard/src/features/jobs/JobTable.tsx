'use client';

import { useWindowVirtualizer } from '@tanstack/react-virtual';
import type { Job } from '@pentimento/contracts';
import clsx from 'clsx';
import { useRouter } from 'next/navigation';
import Link from 'next/link';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { blobUrl, jobUrl } from '../../api/client.ts';
import { formatChange, formatScore } from '../../ui/format.ts';
import { useLanguage } from '../../ui/languages.ts';
import { outcomeWord, StatusMark, stopWord } from '../../ui/StatusMark.tsx';
import { Age, Elapsed } from '../../ui/Time.tsx';
import { useMedia } from '../../ui/useMedia.ts';
import { gainOf } from './model.ts';
import { Sparkline } from './Sparkline.tsx';

interface Props {
  jobs: readonly Job[];
  selected: string | null;
  onSelect: (id: string) => void;
}

/** Columns disappear as the list, not the window, gets narrow: the peek panel needs space too. */
const columns: { name: string; look: string }[] = [
  { name: 'Target and best render', look: 'w-[92px] pl-4' },
  { name: 'Name', look: '' },
  { name: 'Model', look: 'w-[190px] @max-[1060px]:hidden' },
  { name: 'Scores', look: 'w-[112px] @max-[620px]:hidden' },
  { name: 'Best', look: 'w-[124px] text-right @max-[800px]:w-[64px]' },
  { name: 'Iterations', look: 'w-[92px] text-right @max-[720px]:hidden' },
  { name: 'Status', look: 'w-[248px] pl-6 @max-[1200px]:w-[136px] @max-[440px]:hidden' },
  { name: 'Age', look: 'w-[76px] text-right @max-[520px]:hidden' },
  { name: 'Duration', look: 'w-[104px] text-right pr-4 @max-[960px]:hidden' },
];

/** Renders the rows in view only; row numbers keep the table's meaning for screen readers. */
export function JobTable({ jobs, selected, onSelect }: Props) {
  const table = useRef<HTMLTableElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    if (table.current) setTop(table.current.getBoundingClientRect().top + window.scrollY);
  }, [jobs.length]);
  const tall = useMedia('(max-width: 440px)');
  const height = tall ? 60 : 40;
  const rows = useWindowVirtualizer({
    count: jobs.length,
    estimateSize: () => height,
    overscan: 12,
    scrollMargin: top + 33,
    getItemKey: (index) => jobs[index]!.id,
  });
  useEffect(() => rows.measure(), [rows, height]);
  const selectedAt = jobs.findIndex((job) => job.id === selected);
  useEffect(() => {
    if (selectedAt >= 0) rows.scrollToIndex(selectedAt, { align: 'auto' });
    // Only a new selection scrolls, not a new list.
  }, [selected]);
  const items = rows.getVirtualItems();
  const before = items.length > 0 ? items[0]!.start - rows.options.scrollMargin : 0;
  const after = items.length > 0 ? rows.getTotalSize() - (items.at(-1)!.end - rows.options.scrollMargin) : 0;
  return (
    <div className="@container">
      <table ref={table} className="w-full table-fixed" aria-rowcount={jobs.length + 1} data-testid="jobs">
        <caption className="sr-only">Jobs, newest first</caption>
        <thead>
          <tr aria-rowindex={1} className="h-8 border-b text-left text-xs text-muted">
            {columns.map((column, index) => (
              <th key={column.name} scope="col" className={clsx('px-2 font-normal', column.look)}>
                {index === 0 ? <span className="sr-only">{column.name}</span> : column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 && <Spacer height={before} />}
          {items.map((item) => (
            <Row
              key={item.key}
              job={jobs[item.index]!}
              index={item.index}
              selected={item.index === selectedAt}
              onSelect={onSelect}
            />
          ))}
          {after > 0 && <Spacer height={after} />}
        </tbody>
      </table>
    </div>
  );
}

function Spacer({ height }: { height: number }) {
  return (
    <tr aria-hidden>
      <td style={{ height, padding: 0 }} />
    </tr>
  );
}

function Row({
  job,
  index,
  selected,
  onSelect,
}: {
  job: Job;
  index: number;
  selected: boolean;
  onSelect: (id: string) => void;
}) {
  const router = useRouter();
  const language = useLanguage(job.language);
  const gain = gainOf(job);
  const look = (column: number) => clsx('truncate px-2', columns[column]!.look);
  return (
    <tr
      aria-rowindex={index + 2}
      data-testid="job-row"
      data-job={job.id}
      data-selected={selected || undefined}
      onClick={(event) => {
        if (!(event.target as Element).closest('a')) onSelect(job.id);
      }}
      onDoubleClick={() => router.push(jobUrl(job.id))}
      className={clsx(
        'h-10 cursor-pointer border-b @max-[440px]:h-15',
        selected ? 'bg-hover shadow-[inset_3px_0_0_var(--accent)]' : 'hover:bg-hover',
      )}
    >
      <td className={look(0)}>
        <Thumbnails job={job} />
      </td>
      <td className={look(1)}>
        <Link href={jobUrl(job.id)} className="rounded font-medium hover:underline" title={job.name}>
          {job.name}
        </Link>
        <span className="ml-2 text-muted @max-[440px]:ml-0 @max-[440px]:flex @max-[440px]:gap-2">
          {language.title}
          <span className="@min-[440px]:hidden">
            <StatusMark status={job.status} outcome={job.outcome} />
          </span>
        </span>
        {job.tags.map((tag) => (
          <span key={tag} className="ml-2 rounded-sm border px-1 text-xs text-muted @max-[440px]:hidden">
            {tag}
          </span>
        ))}
      </td>
      <td className={clsx(look(2), 'font-mono text-xs text-muted')} title={job.model}>
        {job.model}
      </td>
      <td className={look(3)}>
        <Sparkline scores={job.scores} threshold={job.policy.threshold} iterations={job.policy.maxIterations} />
      </td>
      <td className={clsx(look(4), 'tabular')}>
        {job.best ? (
          <span className="font-medium">{formatScore(job.best.overall, job.policy.threshold)}</span>
        ) : (
          <span className="text-muted">–</span>
        )}
        {gain !== null && <span className="ml-2 text-xs text-muted @max-[800px]:hidden">{formatChange(gain)}</span>}
      </td>
      <td className={clsx(look(5), 'tabular')}>
        {job.scores.length}
        <span className="text-muted"> / {job.policy.maxIterations}</span>
      </td>
      <td className={look(6)}>
        <span className="flex items-center gap-2">
          <StatusMark status={job.status} outcome={job.outcome} />
          <span className="min-w-0 truncate text-xs text-muted @max-[1200px]:hidden">{reasonOf(job)}</span>
        </span>
      </td>
      <td className={clsx(look(7), 'text-muted')}>
        <Age at={job.createdAt} />
      </td>
      <td className={clsx(look(8), 'text-muted')}>
        {job.startedAt && <Elapsed from={job.startedAt} to={job.finishedAt} />}
      </td>
    </tr>
  );
}

function reasonOf(job: Job): string {
  if (job.outcome === 'threshold_met') return outcomeWord(job.outcome);
  if (job.status === 'failed' && job.outcome) return outcomeWord(job.outcome);
  return job.stopReason && job.stopReason !== 'user' ? stopWord(job.stopReason) : '';
}

function Thumbnails({ job }: { job: Job }) {
  return (
    <span className="flex w-fit gap-0.5">
      <Thumbnail image={job.target.image} />
      {job.best ? <Thumbnail image={job.best.image} /> : <span className="size-8 rounded-sm border border-dashed" />}
    </span>
  );
}

function Thumbnail({ image }: { image: string }) {
  return (
    <span className="flex size-8 items-center justify-center overflow-hidden rounded-sm bg-surround">
      <img
        src={blobUrl(image, 64)}
        alt=""
        width={32}
        height={32}
        loading="lazy"
        decoding="async"
        className="size-8 object-contain"
      />
    </span>
  );
}

/** Rows of the final height while the list loads. */
export function LoadingRows() {
  return (
    <div role="status" data-testid="loading">
      <span className="sr-only">Loading the jobs</span>
      <div className="h-8 border-b" />
      {Array.from({ length: 12 }, (_, index) => (
        <div key={index} className="flex h-10 items-center gap-0.5 border-b px-4 max-[440px]:h-15">
          <span className="size-8 rounded-sm bg-surround" />
          <span className="size-8 rounded-sm bg-surround" />
          <span className="ml-3 h-3 rounded-sm bg-surround" style={{ width: 90 + ((index * 37) % 120) }} />
        </div>
      ))}
    </div>
  );
}

'use client';

import type { Export } from '@pentimento/contracts';
import clsx from 'clsx';
import { TriangleAlert } from 'lucide-react';
import Link from 'next/link';
import { datasetUrl } from '../../api/client.ts';
import { formatBytes, formatCount } from '../../ui/format.ts';
import { StatusMark } from '../../ui/StatusMark.tsx';
import { Age } from '../../ui/Time.tsx';
import { DatasetActions } from './DatasetActions.tsx';
import { Progress } from './Progress.tsx';
import { counted, splitsNote, totalDrops, totalRows } from './words.ts';

/** Columns disappear as the list gets narrow; the name cell then says what they said. */
const columns: { name: string; look: string; hidden?: boolean }[] = [
  { name: 'Name', look: 'pl-4' },
  { name: 'Status', look: 'w-[124px] @max-[560px]:hidden' },
  { name: 'Rows', look: 'w-[88px] text-right @max-[680px]:hidden' },
  { name: 'Splits', look: 'w-[290px] @max-[1040px]:hidden' },
  { name: 'Left out', look: 'w-[84px] text-right @max-[680px]:hidden' },
  { name: 'Size', look: 'w-[92px] text-right @max-[680px]:hidden' },
  { name: 'Created', look: 'w-[84px] text-right @max-[560px]:hidden' },
  { name: 'Actions', look: 'w-[136px] pr-3', hidden: true },
];

export function DatasetTable({
  datasets,
  titleOf,
}: {
  datasets: readonly Export[];
  titleOf: (format: string) => string;
}) {
  return (
    <div className="@container">
      <table className="w-full table-fixed" data-testid="datasets">
        <caption className="sr-only">Datasets, newest first</caption>
        <thead>
          <tr className="h-8 border-b text-left text-xs text-muted">
            {columns.map(({ name, look, hidden }) => (
              <th key={name} scope="col" className={clsx('px-2 font-normal', look)}>
                {hidden ? <span className="sr-only">{name}</span> : name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {datasets.map((dataset) => (
            <Row key={dataset.id} dataset={dataset} formatTitle={titleOf(dataset.format)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ dataset, formatTitle }: { dataset: Export; formatTitle: string }) {
  const { id, name, status, manifest, progress, error, createdAt } = dataset;
  const live = status === 'queued' || status === 'running' || status === 'canceling';
  const look = (column: number) => clsx('px-2 py-2.5', columns[column]!.look);
  return (
    <tr className="border-b align-top hover:bg-hover" data-testid="dataset-row" data-dataset={id}>
      <th scope="row" className={clsx(look(0), 'text-left font-normal')}>
        <Link href={datasetUrl(id)} data-row className="rounded font-medium break-words hover:underline">
          {name}
        </Link>
        <span className="ml-2 text-muted">{formatTitle}</span>
        <span className="tabular flex flex-wrap gap-x-3 text-sm text-muted @min-[680px]:hidden">
          <span className="text-ink @min-[560px]:hidden">
            <StatusMark status={status} />
          </span>
          {manifest && <span>{counted(totalRows(manifest), 'row')}</span>}
          {manifest && <span>{formatBytes(progress.bytes)}</span>}
          <span className="@min-[560px]:hidden">
            <Age at={createdAt} ago />
          </span>
        </span>
        {live && (
          <div className="mt-1">
            <Progress dataset={dataset} />
          </div>
        )}
        {error && <Reason text={error.message} />}
      </th>
      <td className={look(1)}>
        <StatusMark status={status} />
      </td>
      <td className={clsx(look(2), 'tabular')}>{manifest ? formatCount(totalRows(manifest)) : <None />}</td>
      <td className={clsx(look(3), 'tabular truncate text-muted')}>
        {manifest && (splitsNote(manifest) || 'all for training')}
      </td>
      <td className={clsx(look(4), 'tabular')}>{manifest ? formatCount(totalDrops(manifest)) : <None />}</td>
      <td className={clsx(look(5), 'tabular')}>{manifest ? formatBytes(progress.bytes) : <None />}</td>
      <td className={clsx(look(6), 'text-muted')}>
        <Age at={createdAt} />
      </td>
      <td className={clsx(look(7), 'py-1.5!')}>
        <DatasetActions dataset={dataset} onDeleted={() => undefined} />
      </td>
    </tr>
  );
}

const None = () => <span className="text-muted">–</span>;

function Reason({ text }: { text: string }) {
  return (
    <p className="mt-0.5 flex items-start gap-1.5 text-sm">
      <TriangleAlert size={14} aria-hidden className="mt-[3px] shrink-0" />
      <span className="min-w-0 break-words">{text}</span>
    </p>
  );
}

/** Rows of the final height while the list loads. */
export function LoadingDatasets() {
  return (
    <div role="status" data-testid="loading">
      <span className="sr-only">Loading the datasets</span>
      <div className="h-8 border-b" />
      {Array.from({ length: 8 }, (_, index) => (
        <div key={index} className="flex h-11 items-center border-b px-4">
          <span className="h-3 rounded-sm bg-surround" style={{ width: 140 + ((index * 53) % 160) }} />
        </div>
      ))}
    </div>
  );
}

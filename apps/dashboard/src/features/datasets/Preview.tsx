'use client';

import type { ExportPreview } from '@pentimento/contracts';
import clsx from 'clsx';
import Link from 'next/link';
import type { Page } from '../../keys/keys.ts';
import { Failure } from '../../ui/Notice.tsx';
import { DropList } from './DropList.tsx';
import { groupDrops } from './drops.ts';
import { PreviewRows } from './PreviewRows.tsx';
import { counted } from './words.ts';

/** The first rows as they would be exported, with what is left out of them beside. */
export function Preview({
  preview,
  stale,
  error,
  retry,
  filtered,
  page,
}: {
  preview: ExportPreview | undefined;
  /** Another preview is being made. */
  stale: boolean;
  error: unknown;
  retry: () => void;
  /** Whether a filter may be why there is nothing. */
  filtered: boolean;
  page: Page;
}) {
  if (error) return <Failure title="The preview could not be made" error={error} retry={retry} />;
  if (!preview) return <LoadingRows />;
  const { rows, drops } = preview;
  return (
    <div
      className={clsx('flex min-w-0 flex-col xl:flex-row', stale && 'opacity-60')}
      aria-busy={stale}
      data-testid="preview"
    >
      <div className="min-w-0 flex-1">
        {rows.length > 0 ? <PreviewRows rows={rows} page={page} /> : <Empty preview={preview} filtered={filtered} />}
        {rows.length > 0 && <p className="px-4 py-2 text-sm text-muted">{extentWords(preview)}</p>}
      </div>
      <aside aria-label="Left out" className="min-w-0 px-4 py-2 max-xl:border-t xl:w-72 xl:shrink-0 xl:border-l">
        <h3 className="py-1 text-xs text-muted">Left out of what was read for these rows</h3>
        {drops.length > 0 ? <DropList groups={groupDrops(drops)} /> : <p className="py-1">Nothing.</p>}
      </aside>
    </div>
  );
}

function Empty({ preview: { counts, drops }, filtered }: { preview: ExportPreview; filtered: boolean }) {
  if (counts.trajectories === 0 && !filtered) {
    return (
      <p className="p-4">
        No job has ended yet, so there is nothing to make a dataset of.{' '}
        <Link href="/submit" className="rounded underline underline-offset-2">
          Submit an image
        </Link>
      </p>
    );
  }
  return <p className="p-4">{emptyWords(counts.trajectories, drops.length)}</p>;
}

function emptyWords(trajectories: number, drops: number): string {
  if (trajectories === 0) return 'No trajectory matches, so there is no row. Change or clear the filters.';
  return drops > 0 ? 'There is no row: all that was read is left out, for the reasons given.' : 'There is no row.';
}

function extentWords({ rows, complete }: ExportPreview): string {
  return complete ? `All ${counted(rows.length, 'row')}.` : `The first ${counted(rows.length, 'row')}.`;
}

/** Rows of the final height while the preview is made. */
function LoadingRows() {
  return (
    <div role="status" data-testid="preview-loading">
      <span className="sr-only">Making the preview</span>
      <div className="h-8 border-b" />
      {Array.from({ length: 10 }, (_, index) => (
        <div key={index} className="flex h-12 items-center gap-1 border-b pl-15">
          <span className="size-10 rounded-sm bg-surround" />
          <span className="size-10 rounded-sm bg-surround" />
          <span className="ml-4 h-3 rounded-sm bg-surround" style={{ width: 120 + ((index * 71) % 260) }} />
        </div>
      ))}
    </div>
  );
}

'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useRef } from 'react';
import { exportFormatsQuery } from '../../api/queries.ts';
import { useKeys } from '../../keys/useKeys.ts';
import { Shell } from '../../shell/Shell.tsx';
import { Announcer } from '../../ui/Announcer.tsx';
import { Button, buttonLook } from '../../ui/Button.tsx';
import { Failure } from '../../ui/Notice.tsx';
import { useRowFocus } from '../../keys/useRowFocus.ts';
import { DatasetTable, LoadingDatasets } from './DatasetTable.tsx';
import { EmptyDatasets } from './EmptyDatasets.tsx';
import { titleOfFormat } from './formats.ts';
import { useEndings, useExports } from './useExports.ts';

export function DatasetsPage() {
  const { rows, isPending, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useExports();
  const { data: formats = [] } = useQuery(exportFormatsQuery);
  const endings = useEndings(rows);
  const router = useRouter();
  const page = useRef<HTMLDivElement>(null);
  useRowFocus('datasets', page);
  useKeys('datasets', { new: () => router.push('/datasets/new') });
  const none = !isPending && !error && rows.length === 0;
  return (
    <Shell page="datasets">
      <Announcer message={endings} />
      <div ref={page} className="flex min-w-0 flex-1 flex-col">
        {none ? (
          <>
            <h1 className="sr-only">Datasets</h1>
            <EmptyDatasets />
          </>
        ) : (
          <>
            <div className="flex min-h-12 items-center gap-3 border-b bg-panel px-4 py-2">
              <h1 className="text-lg font-semibold">Datasets</h1>
              <Link href="/datasets/new" className={buttonLook('solid', 'ml-auto h-8 px-3')}>
                New dataset
              </Link>
            </div>
            {error && (
              <Failure
                title={rows.length > 0 ? 'This list is not up to date' : 'The datasets could not be loaded'}
                error={error}
                retry={() => void refetch()}
              />
            )}
            {isPending && <LoadingDatasets />}
            {rows.length > 0 && <DatasetTable datasets={rows} titleOf={(id) => titleOfFormat(formats, id)} />}
            {hasNextPage && (
              <Button
                className="m-4 h-8 self-center px-4"
                onClick={() => void fetchNextPage()}
                disabled={isFetchingNextPage}
              >
                {isFetchingNextPage ? 'Loading' : 'Load more'}
              </Button>
            )}
          </>
        )}
      </div>
    </Shell>
  );
}

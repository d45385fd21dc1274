'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import type { ExportFilePage } from '@pentimento/contracts';
import { api } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { formatBytes } from '../../ui/format.ts';
import { Failure, Nothing } from '../../ui/Notice.tsx';
import { FileLink } from './FileLink.tsx';

const pageSize = 20;

/** The files of a dataset that has succeeded, each to download, with its hash. */
export function FileTable({ id }: { id: string }) {
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['export files', id],
    queryFn: ({ pageParam, signal }) => api.listExportFiles(id, { limit: pageSize, cursor: pageParam }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page: ExportFilePage) => page.nextCursor,
    staleTime: Infinity,
  });
  if (error) return <Failure title="The files could not be listed" error={error} retry={() => void refetch()} />;
  if (!data) return <Nothing>Loading the files.</Nothing>;
  return (
    <div className="flex flex-col items-start gap-3">
      <table className="w-full table-fixed border-y" data-testid="files">
        <caption className="sr-only">Files</caption>
        <thead>
          <tr className="h-8 text-left text-xs text-muted">
            <th scope="col" className="font-normal">
              Path
            </th>
            <th scope="col" className="w-[92px] px-2 text-right font-normal">
              Size
            </th>
            <th scope="col" className="w-[180px] pl-4 font-normal max-sm:hidden">
              SHA-256
            </th>
          </tr>
        </thead>
        <tbody>
          {data.pages
            .flatMap((page) => page.data)
            .map(({ path, bytes, sha256 }) => (
              <tr key={path} className="border-t">
                <th scope="row" className="py-1.5 text-left font-normal">
                  <FileLink id={id} path={path}>
                    <span className="font-mono text-xs break-all">{path}</span>
                  </FileLink>
                </th>
                <td className="tabular px-2 text-right">{formatBytes(bytes)}</td>
                <td className="pl-4 max-sm:hidden">
                  <span className="flex items-center gap-1">
                    <span className="font-mono text-xs text-muted" title={sha256}>
                      {sha256.slice(0, 12)}…
                    </span>
                    <CopyButton text={sha256} name={`Copy the SHA-256 of ${path}`} />
                  </span>
                </td>
              </tr>
            ))}
        </tbody>
      </table>
      {hasNextPage && (
        <Button onClick={() => void fetchNextPage()} disabled={isFetchingNextPage}>
          {isFetchingNextPage ? 'Loading' : 'Load more'}
        </Button>
      )}
    </div>
  );
}

'use client';

import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { isFinal, type Export, type ExportPage } from '@pentimento/contracts';
import { useEffect, useRef, useState } from 'react';
import { api } from '../../api/client.ts';
import { exportQuery, exportsKey } from '../../api/queries.ts';
import { endedSince, stateSentence } from './words.ts';

const pageSize = 50;
export const pollMs = 1500;

/** The exports, the newest first; looked at again and again while one of them has not ended. */
export function useExports() {
  const list = useInfiniteQuery({
    queryKey: exportsKey,
    queryFn: ({ pageParam, signal }) => api.listExports({ limit: pageSize, cursor: pageParam }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page: ExportPage) => page.nextCursor,
    refetchOnMount: 'always',
    refetchInterval: ({ state }) => (rowsOf(state.data?.pages).some(isLive) ? pollMs : false),
  });
  return { ...list, rows: rowsOf(list.data?.pages) };
}

const rowsOf = (pages: readonly ExportPage[] = []): Export[] => pages.flatMap((page) => page.data);
const isLive = ({ status }: Export): boolean => !isFinal(status);

/** Says which exports have ended since the page was opened. */
export function useEndings(rows: readonly Export[]): string {
  const before = useRef(rows);
  const [message, setMessage] = useState('');
  useEffect(() => {
    const ended = endedSince(before.current, rows);
    before.current = rows;
    if (ended.length > 0) setMessage(ended.map(stateSentence).join(' '));
  }, [rows]);
  return message;
}

/** Cancels or retries an export, and shows its new state. */
export function useExportAction({ id }: Pick<Export, 'id'>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (action: 'cancel' | 'retry') => (action === 'cancel' ? api.cancelExport(id) : api.retryExport(id)),
    onSettled: async () => {
      const keys = [exportsKey, exportQuery(id).queryKey];
      await Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey })));
    },
  });
}

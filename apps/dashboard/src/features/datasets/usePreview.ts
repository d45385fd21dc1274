'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { maxPreviewRows, type ExportCounts, type ExportPreview, type PreviewExportInput } from '@pentimento/contracts';
import { exportPreviewQuery } from '../../api/queries.ts';
import { useSettled } from '../../ui/useSettled.ts';

/** Typing pauses, in milliseconds, after which is counted and the preview is made. */
const pauses = { counts: 250, preview: 600 };

export interface Counted {
  counts: ExportCounts | undefined;
  /** The counts are not those of what is asked for now. */
  stale: boolean;
  error: unknown;
}

export interface Previewed {
  preview: ExportPreview | undefined;
  stale: boolean;
  error: unknown;
  retry: () => void;
}

/** How many trajectories the filter of a request selects; a newer request aborts the one before. Null: it is not valid. */
export function useCounts(request: PreviewExportInput | null): Counted {
  const { data, ...state } = useSettledPreview(
    request && { format: request.format, filter: request.filter, rows: 0 },
    pauses.counts,
  );
  return { counts: data?.counts, ...state };
}

/** The first rows of a request. */
export function usePreview(request: PreviewExportInput | null): Previewed {
  const { data, ...state } = useSettledPreview(request && { ...request, rows: maxPreviewRows }, pauses.preview);
  return { preview: data, ...state };
}

function useSettledPreview(request: PreviewExportInput | null, pause: number) {
  const asked = JSON.stringify(request);
  const settled = useSettled(asked, pause);
  const { data, error, isFetching, refetch } = useQuery({
    ...exportPreviewQuery(JSON.parse(settled) as PreviewExportInput | null),
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
  });
  return {
    data,
    stale: request !== null && (asked !== settled || isFetching),
    error: asked === settled ? error : null,
    retry: () => void refetch(),
  };
}

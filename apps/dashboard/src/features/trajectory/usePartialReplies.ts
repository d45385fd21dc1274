'use client';

import { useQuery } from '@tanstack/react-query';
import type { PartialReply } from '@pentimento/contracts';
import { partialRepliesKey } from '../../api/queries.ts';

const none: readonly PartialReply[] = [];

/** The replies that models are writing for the job. Only what uses them renders again as they grow. */
export function usePartialReplies(jobId: string): readonly PartialReply[] {
  const { data = none } = useQuery<readonly PartialReply[]>({
    queryKey: partialRepliesKey(jobId),
    queryFn: () => none,
    enabled: false,
  });
  return data;
}

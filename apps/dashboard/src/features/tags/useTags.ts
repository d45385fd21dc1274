'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Job, Tag } from '@pentimento/contracts';
import { api } from '../../api/client.ts';
import { jobQuery } from '../../api/queries.ts';

export interface Tags {
  /** Resolves with whether they are saved. */
  save: (tags: Tag[]) => Promise<boolean>;
  /** Why the newest change is not saved. */
  error: unknown;
}

/** Replaces a job's tags. They show at once, and are taken back where they cannot be saved. */
export function useTags(job: Pick<Job, 'id'>): Tags {
  const client = useQueryClient();
  const { queryKey } = jobQuery(job.id);
  const mutationKey = ['tags', job.id];
  const { mutateAsync, error } = useMutation({
    mutationKey,
    mutationFn: (tags: Tag[]) => api.setTags(job.id, tags),
    scope: { id: mutationKey.join(' ') },
    networkMode: 'always',
    onMutate: async (tags) => {
      await client.cancelQueries({ queryKey });
      client.setQueryData(queryKey, (known) => known && { ...known, tags });
    },
    onSettled: () => {
      if (client.isMutating({ mutationKey }) > 1) return;
      for (const key of [queryKey, ['jobs'], ['newest jobs']]) void client.invalidateQueries({ queryKey: key });
    },
  });
  const save = (tags: Tag[]) =>
    mutateAsync(tags).then(
      () => true,
      () => false,
    );
  return { save, error };
}

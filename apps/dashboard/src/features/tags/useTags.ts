'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Job, Tag } from '@pentimento/contracts';
import { useRef, useState } from 'react';
import { api } from '../../api/client.ts';
import { jobQuery } from '../../api/queries.ts';

export interface Tags {
  /** The job's tags, as they are being saved. */
  tags: readonly Tag[];
  /** Decides on the tags by those that there are now, and saves them. Resolves with whether they are saved. */
  save: (decide: (tags: readonly Tag[]) => Tag[]) => Promise<boolean>;
  /** Why the newest change is not saved. */
  error: unknown;
}

/** The tags of a job. A change shows at once, and is taken back where it cannot be saved. */
export function useTags(job: Pick<Job, 'id' | 'tags'>): Tags {
  const client = useQueryClient();
  const { queryKey } = jobQuery(job.id);
  // Also in a ref, because the next change may come before the next render. Null: as they are stored.
  const unsaved = useRef<Tag[] | null>(null);
  const [shown, setShown] = useState(unsaved.current);
  const setUnsaved = (tags: Tag[] | null) => {
    unsaved.current = tags;
    setShown(tags);
  };
  const { mutateAsync, error } = useMutation({
    mutationFn: (tags: Tag[]) => api.setTags(job.id, tags),
    scope: { id: `tags of ${job.id}` },
    networkMode: 'always',
    onSuccess: ({ tags }) => client.setQueryData(queryKey, (known) => known && { ...known, tags }),
    onSettled: () => {
      for (const key of [queryKey, ['jobs'], ['newest jobs']]) void client.invalidateQueries({ queryKey: key });
    },
  });
  const save: Tags['save'] = async (decide) => {
    const tags = decide(unsaved.current ?? client.getQueryData(queryKey)?.tags ?? job.tags);
    setUnsaved(tags);
    const saved = await mutateAsync(tags).then(
      () => true,
      () => false,
    );
    if (unsaved.current === tags) setUnsaved(null);
    return saved;
  };
  return { tags: shown ?? job.tags, save, error };
}

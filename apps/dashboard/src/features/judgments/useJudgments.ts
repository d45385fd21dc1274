'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { currentJudgments, type Judgment } from '@pentimento/contracts';
import { useMemo, useState } from 'react';
import { api } from '../../api/client.ts';
import { judgmentsQuery } from '../../api/queries.ts';
import { ownOn, withChange, type JudgmentChange } from './model.ts';

export interface Judgments {
  /** The judgments that count, with the changes that are being saved. */
  current: readonly Judgment[];
  /** They cannot be changed before they are known: a verdict is saved together with its note. */
  loaded: boolean;
  loadError: unknown;
  reload: () => void;
  /** Resolves with whether it is saved. */
  save: (change: JudgmentChange) => Promise<boolean>;
  /** The newest change that could not be saved. */
  failure: { change: JudgmentChange; error: unknown } | null;
}

/** The judgments of a job. A change shows at once, and is taken back where it cannot be saved. */
export function useJudgments(jobId: string): Judgments {
  const client = useQueryClient();
  const { queryKey } = judgmentsQuery(jobId);
  const { data, error, refetch } = useQuery(judgmentsQuery(jobId));
  const [failure, setFailure] = useState<Judgments['failure']>(null);
  const mutationKey = ['judge', jobId];
  const { mutateAsync } = useMutation({
    mutationKey,
    mutationFn: (change: JudgmentChange) => send(jobId, change),
    // One after the other: a change may take back the one before it.
    scope: { id: mutationKey.join(' ') },
    networkMode: 'always',
    onMutate: async (change) => {
      setFailure(null);
      await client.cancelQueries({ queryKey });
      client.setQueryData(queryKey, (known) => known && withChange(known, change, jobId, new Date().toISOString()));
    },
    onError: (reason, change) => setFailure({ change, error: reason }),
    onSettled: () => (client.isMutating({ mutationKey }) === 1 ? client.invalidateQueries({ queryKey }) : undefined),
  });
  const current = useMemo(() => currentJudgments(data ?? []), [data]);
  return {
    current,
    loaded: data !== undefined,
    loadError: data ? null : error,
    reload: () => void refetch(),
    save: (change) =>
      mutateAsync(change).then(
        () => true,
        () => false,
      ),
    failure,
  };
}

async function send(jobId: string, { withdrawn, candidate, ...statement }: JudgmentChange): Promise<void> {
  if (!withdrawn) {
    await api.createJudgment(candidate, statement);
    return;
  }
  const current = currentJudgments(await api.listJudgments(jobId));
  const own = ownOn(current, { candidate, preferredOver: statement.preferredOver });
  if (own) await api.withdrawJudgment(own.id);
}

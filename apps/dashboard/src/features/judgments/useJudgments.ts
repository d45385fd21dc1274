'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { currentJudgments, type Judgment } from '@pentimento/contracts';
import { useMemo, useRef, useState } from 'react';
import { api } from '../../api/client.ts';
import { judgmentsQuery } from '../../api/queries.ts';
import { currentWith, ownOn, type Decide, type JudgmentChange } from './model.ts';

export interface Judgments {
  /** The judgments that count, with the changes that are being saved. */
  current: readonly Judgment[];
  /** They cannot be changed before they are known: a verdict is saved together with its note. */
  loaded: boolean;
  loadError: unknown;
  reload: () => void;
  /** Decides on a change by the judgments as they are now, and saves it. Resolves with whether it is saved. */
  save: (decide: Decide) => Promise<boolean>;
  /** The newest change that could not be saved. */
  failure: { change: JudgmentChange; error: unknown } | null;
}

/** The judgments of a job. A change shows at once, and is taken back where it cannot be saved. */
export function useJudgments(jobId: string): Judgments {
  const client = useQueryClient();
  const { queryKey } = judgmentsQuery(jobId);
  const { data, error, refetch } = useQuery(judgmentsQuery(jobId));
  const [failure, setFailure] = useState<Judgments['failure']>(null);
  // Also in a ref, because the next key may come before the next render.
  const unsaved = useRef<readonly JudgmentChange[]>([]);
  const [shown, setShown] = useState(unsaved.current);
  const setUnsaved = (changes: readonly JudgmentChange[]) => {
    unsaved.current = changes;
    setShown(changes);
  };
  const reload = () => client.invalidateQueries({ queryKey });
  const { mutateAsync } = useMutation({
    mutationFn: (change: JudgmentChange) => send(jobId, change),
    // One after the other: a change may take back the one before it.
    scope: { id: `judgments of ${jobId}` },
    networkMode: 'always',
    onSuccess: reload,
    onError: (reason, change) => {
      setFailure({ change, error: reason });
      void reload();
    },
  });
  const save = async (decide: Decide): Promise<boolean> => {
    const stored = client.getQueryData(queryKey);
    if (!stored) return false;
    const change = decide(currentWith(stored, unsaved.current));
    setFailure(null);
    setUnsaved([...unsaved.current, change]);
    const saved = await mutateAsync(change).then(
      () => true,
      () => false,
    );
    setUnsaved(unsaved.current.filter((other) => other !== change));
    return saved;
  };
  const current = useMemo(() => currentWith(data ?? [], shown), [data, shown]);
  const loadError = data ? null : error;
  return { current, loaded: data !== undefined, loadError, reload: () => void refetch(), save, failure };
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

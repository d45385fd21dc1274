'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { CreateIntervention, Intervention } from '@pentimento/contracts';
import { api } from '../../api/client.ts';
import { interventionsQuery, jobQuery } from '../../api/queries.ts';

export interface Steering {
  interventions: readonly Intervention[];
  /** Resolves with whether it is saved. */
  add: (intervention: CreateIntervention) => Promise<boolean>;
  withdraw: (id: string) => void;
  saving: boolean;
  /** Of the newest change, where it could not be saved. */
  error: unknown;
}

/** The interventions of a job. */
export function useSteering(jobId: string): Steering {
  const client = useQueryClient();
  const { data = [] } = useQuery(interventionsQuery(jobId));
  const reload = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: interventionsQuery(jobId).queryKey }),
      client.invalidateQueries({ queryKey: jobQuery(jobId).queryKey }),
    ]);
  const { mutateAsync, mutate, isPending, error } = useMutation({
    mutationFn: (change: CreateIntervention | string): Promise<unknown> =>
      typeof change === 'string' ? api.withdrawIntervention(change) : api.createIntervention(jobId, change),
    networkMode: 'always',
    onSettled: reload,
  });
  const add = (intervention: CreateIntervention) =>
    mutateAsync(intervention).then(
      () => true,
      () => false,
    );
  return { interventions: data, add, withdraw: (id) => mutate(id), saving: isPending, error };
}

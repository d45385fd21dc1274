'use client';

import { useQueryClient } from '@tanstack/react-query';
import { isFinal, type Job } from '@pentimento/contracts';
import { api } from '../../api/client.ts';
import { DeleteButton } from '../../ui/DeleteButton.tsx';

type DeletedJob = Pick<Job, 'id' | 'name' | 'status' | 'scores'>;

/** The button that deletes a job once the dialog is confirmed. `onDeleted` leaves what shows the job. */
export function DeleteJob({ job, onDeleted }: { job: DeletedJob; onDeleted: () => void }) {
  const client = useQueryClient();
  return (
    <DeleteButton
      name="Delete this job"
      consequences={consequences(job)}
      onDelete={() => api.deleteJob(job.id)}
      onDeleted={() => {
        onDeleted();
        for (const queryKey of [['jobs'], ['newest jobs']]) void client.invalidateQueries({ queryKey });
      }}
    />
  );
}

function consequences({ name, status, scores }: DeletedJob): string {
  const count = scores.length === 1 ? '1 iteration' : `${scores.length} iterations`;
  const stops = isFinal(status) ? '' : ' It has not ended yet, and stops at once.';
  return `“${name}” and its ${count} are deleted for good, with their code, renders and scores.${stops}`;
}

'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ApiError } from '@pentimento/client';
import { isFinal, type Job } from '@pentimento/contracts';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { api, problemOf } from '../../api/client.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';

type DeletedJob = Pick<Job, 'id' | 'name' | 'status' | 'scores'>;

/** The button that deletes a job once the dialog is confirmed. `onDeleted` leaves what shows the job. */
export function DeleteJob({ job, onDeleted }: { job: DeletedJob; onDeleted: () => void }) {
  const [open, setOpen] = useState(false);
  const client = useQueryClient();
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: () => deleteJob(job.id),
    onSuccess: () => {
      setOpen(false);
      onDeleted();
      for (const queryKey of [['jobs'], ['newest jobs']]) void client.invalidateQueries({ queryKey });
    },
  });
  const close = () => {
    setOpen(false);
    reset();
  };
  return (
    <>
      <IconButton name="Delete this job" onClick={() => setOpen(true)}>
        <Trash2 size={16} aria-hidden />
      </IconButton>
      <Dialog title="Delete this job?" open={open} onClose={close}>
        <p className="break-words">{consequences(job)}</p>
        {error && (
          <p role="alert" className="mt-3">
            {problemOf(error).detail}
          </p>
        )}
        <div className="mt-4 flex justify-end gap-2">
          <Button onClick={close}>Keep</Button>
          <Button kind="solid" onClick={() => mutate()} disabled={isPending}>
            Delete
          </Button>
        </div>
      </Dialog>
    </>
  );
}

/** A job that no longer exists counts as deleted. */
async function deleteJob(id: string): Promise<void> {
  try {
    await api.deleteJob(id);
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 404)) throw error;
  }
}

function consequences({ name, status, scores }: DeletedJob): string {
  const count = scores.length === 1 ? '1 iteration' : `${scores.length} iterations`;
  const stops = isFinal(status) ? '' : ' It has not ended yet, and stops at once.';
  return `“${name}” and its ${count} are deleted for good, with their code, renders and scores.${stops}`;
}

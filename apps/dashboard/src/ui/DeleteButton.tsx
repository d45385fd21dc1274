'use client';

import { useMutation } from '@tanstack/react-query';
import { ApiError } from '@pentimento/client';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { problemOf } from '../api/client.ts';
import { Button, IconButton } from './Button.tsx';
import { Dialog } from './Dialog.tsx';

/** The button that deletes something once the dialog is confirmed. What no longer exists counts as deleted. */
export function DeleteButton({
  name,
  consequences,
  onDelete,
  onDeleted,
}: {
  /** What it does, e.g. "Delete this job". */
  name: string;
  consequences: string;
  onDelete: () => Promise<void>;
  /** Leaves what shows it. */
  onDeleted: () => void;
}) {
  const [open, setOpen] = useState(false);
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: () => unlessGone(onDelete),
    onSuccess: () => {
      setOpen(false);
      onDeleted();
    },
  });
  const close = () => {
    setOpen(false);
    reset();
  };
  return (
    <>
      <IconButton name={name} onClick={() => setOpen(true)}>
        <Trash2 size={16} aria-hidden />
      </IconButton>
      <Dialog title={`${name}?`} open={open} onClose={close}>
        <p className="break-words">{consequences}</p>
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

async function unlessGone(onDelete: () => Promise<void>): Promise<void> {
  try {
    await onDelete();
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 404)) throw error;
  }
}

'use client';

import { useQueryClient } from '@tanstack/react-query';
import { isCancelable, isFinal, isExportRetryable, type Export } from '@pentimento/contracts';
import { api, problemOf } from '../../api/client.ts';
import { exportsKey } from '../../api/queries.ts';
import { Button } from '../../ui/Button.tsx';
import { DeleteButton } from '../../ui/DeleteButton.tsx';
import { useExportAction } from './useExports.ts';

/** Cancel or retry, as the status allows, and delete. */
export function DatasetActions({ dataset, onDeleted }: { dataset: Export; onDeleted: () => void }) {
  const client = useQueryClient();
  const { mutate, isPending, error } = useExportAction(dataset);
  const { id, name, status } = dataset;
  return (
    <div className="flex items-center justify-end gap-1">
      {error && (
        <span role="alert" className="text-sm">
          {problemOf(error).detail}
        </span>
      )}
      {isCancelable(status) && (
        <Button
          aria-label={`Cancel ${name}`}
          onClick={() => mutate('cancel')}
          disabled={isPending || status === 'canceling'}
        >
          Cancel
        </Button>
      )}
      {isExportRetryable(status) && (
        <Button aria-label={`Retry ${name}`} onClick={() => mutate('retry')} disabled={isPending}>
          Retry
        </Button>
      )}
      <DeleteButton
        name="Delete this dataset"
        consequences={consequences(dataset)}
        onDelete={() => api.deleteExport(id)}
        onDeleted={() => {
          onDeleted();
          void client.invalidateQueries({ queryKey: exportsKey });
        }}
      />
    </div>
  );
}

function consequences({ name, status }: Export): string {
  const what = isFinal(status) ? 'its files are' : 'what is made of it so far are';
  return `“${name}” and ${what} deleted for good. The jobs that it was made from stay.`;
}

import type { ReactNode } from 'react';
import { api } from '../../api/client.ts';

/** Downloads a file of a dataset. */
export function FileLink({ id, path, children }: { id: string; path: string; children: ReactNode }) {
  return (
    <a href={api.exportFileUrl(id, path)} download className="rounded underline underline-offset-2">
      {children}
    </a>
  );
}

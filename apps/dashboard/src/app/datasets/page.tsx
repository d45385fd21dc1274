import type { Metadata } from 'next';
import { Suspense } from 'react';
import { DatasetsRoute } from '../../features/datasets/DatasetsRoute.tsx';

export const metadata: Metadata = { title: 'Datasets' };

/** The id is in the query, which a static page learns only in the browser. */
export default function Page() {
  return (
    <Suspense>
      <DatasetsRoute />
    </Suspense>
  );
}

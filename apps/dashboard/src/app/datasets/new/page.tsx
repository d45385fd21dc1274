import type { Metadata } from 'next';
import { Suspense } from 'react';
import { NewDatasetPage } from '../../../features/datasets/NewDatasetPage.tsx';

export const metadata: Metadata = { title: 'New dataset' };

/** The form is in the query, which a static page learns only in the browser. */
export default function Page() {
  return (
    <Suspense>
      <NewDatasetPage />
    </Suspense>
  );
}

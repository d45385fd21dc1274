'use client';

import { useSearchParams } from 'next/navigation';
import { DatasetPage } from './DatasetPage.tsx';
import { DatasetsPage } from './DatasetsPage.tsx';

/** The dataset that the address names, or else the list of them. */
export function DatasetsRoute() {
  const id = useSearchParams().get('id');
  return id ? <DatasetPage key={id} id={id} /> : <DatasetsPage />;
}

'use client';

import { useSearchParams } from 'next/navigation';
import { Shell } from '../../shell/Shell.tsx';
import { Nothing } from '../../ui/Notice.tsx';
import { TrajectoryPage } from './TrajectoryPage.tsx';

/** The page of the job that the address names. */
export function TrajectoryRoute() {
  const id = useSearchParams().get('id');
  if (id) return <TrajectoryPage key={id} id={id} />;
  return (
    <Shell page="lost">
      <Nothing>This address names no job. Choose one from the list of jobs.</Nothing>
    </Shell>
  );
}

import type { Metadata } from 'next';
import { Suspense } from 'react';
import { TrajectoryRoute } from '../../features/trajectory/TrajectoryRoute.tsx';

export const metadata: Metadata = { title: 'Trajectory' };

/** The id is in the query, which a static page learns only in the browser. */
export default function Page() {
  return (
    <Suspense>
      <TrajectoryRoute />
    </Suspense>
  );
}

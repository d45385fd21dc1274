import {
  interventionSchema,
  type Intervention,
  type InterventionKind,
  type InterventionOf,
} from '@pentimento/contracts';

type Own<Kind extends InterventionKind> = Omit<
  InterventionOf<Kind>,
  'id' | 'jobId' | 'fromIteration' | 'untilIteration' | 'createdAt' | 'withdrawnAt'
>;

/** An intervention that waits for the next round. */
export const waiting = <Kind extends InterventionKind>(own: Own<Kind>): Intervention =>
  interventionSchema.parse({
    id: 'intv_00000000-0000-7000-8000-000000000000',
    jobId: 'job_00000000-0000-7000-8000-000000000000',
    fromIteration: null,
    untilIteration: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    withdrawnAt: null,
    ...own,
  });

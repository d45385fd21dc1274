import type { LockedJob } from './claims.ts';
import type { Queries } from './client.ts';

export async function hasWaitingEdit(queries: Queries, jobId: string): Promise<boolean> {
  const where = { jobId, kind: 'edit', fromIteration: null, withdrawnAt: null } as const;
  return (await queries.intervention.count({ where })) > 0;
}

/**
 * A round that had begun when its job ended begins again, unless something of it is stored: a recorded reply may only meet the
 * prompt that it answers.
 */
export async function forgetUnpaidRound(queries: Queries, { id, begun, iterations }: LockedJob): Promise<void> {
  if (begun !== iterations) return;
  const where = { jobId: id, iteration: { gte: iterations } };
  if ((await queries.modelCall.count({ where })) + (await queries.candidate.count({ where })) > 0) return;
  await queries.$executeRaw`
    UPDATE interventions SET from_iteration = NULL WHERE job_id = ${id} AND from_iteration = ${iterations}`;
  await queries.$executeRaw`
    UPDATE interventions SET until_iteration = NULL WHERE job_id = ${id} AND until_iteration = ${iterations}`;
  await queries.$executeRaw`UPDATE jobs SET begun_iteration = NULL WHERE id = ${id}`;
}

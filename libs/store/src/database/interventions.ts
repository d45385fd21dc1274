import {
  budgetSchema,
  isFinal,
  isWithdrawable,
  isWithin,
  policySchema,
  withChanges,
  type Intervention,
  type InterventionKind,
  type RefinementResult,
  type RoundStart,
  type SettingsChanges,
  type WriteResult,
} from '@pentimento/contracts';
import { v7 as uuidv7 } from 'uuid';
import { Prisma } from '../../generated/client.ts';
import type { Claim, InterventionRefusal, NewIntervention, StoredIntervention } from '../types.ts';
import { lockJob, queueForEdits, queueToContinue, underClaim, type LockedJob } from './claims.ts';
import type { Database, Queries } from './client.ts';
import { appendEvent } from './events.ts';
import { timestamp } from './leases.ts';
import { readIntervention } from './rows.ts';
import { sanitizeForPostgres } from '@pentimento/postgres';

export async function createIntervention(
  database: Database,
  jobId: string,
  input: NewIntervention,
): Promise<StoredIntervention | InterventionRefusal> {
  const intervention = sanitizeForPostgres(input);
  return database.transaction(async (queries) => {
    const job = await lockJob(database, queries, Prisma.sql`id = ${sanitizeForPostgres(jobId)}`);
    if (!job) return 'no_job';
    const refusal = await refusalOf(queries, job, intervention);
    if (refusal) return refusal;
    const id = `intv_${uuidv7({ msecs: database.milliseconds() })}`;
    const columns = await columnsOf(queries, job.id, intervention);
    const row = await queries.intervention.create({ data: { id, jobId: job.id, createdAt: job.now, ...columns } });
    await announce(queries, job, 'intervention.created', { id, kind: intervention.kind });
    return { intervention: readIntervention(row), queued: await reopen(queries, job, intervention) };
  });
}

async function refusalOf(
  queries: Queries,
  job: LockedJob,
  intervention: NewIntervention,
): Promise<InterventionRefusal | null> {
  if (job.kind === 'environment') return 'episode';
  if ('box' in intervention) {
    const size = await queries.job.findUniqueOrThrow({
      where: { id: job.id },
      select: { width: true, height: true },
    });
    return isWithin(intervention.box, size) ? null : 'outside';
  }
  if (intervention.kind === 'continue') return isFinal(job.status) ? null : 'not_ended';
  const where = { id: intervention.candidate, jobId: job.id };
  const candidate = await queries.candidate.findFirst({ where, select: { image: true } });
  if (!candidate) return 'no_candidate';
  return intervention.kind === 'branch' && candidate.image === null ? 'no_render' : null;
}

type Columns = Omit<Prisma.InterventionUncheckedCreateInput, 'id' | 'jobId' | 'createdAt'>;

async function columnsOf(queries: Queries, jobId: string, intervention: NewIntervention): Promise<Columns> {
  switch (intervention.kind) {
    case 'fix':
    case 'lock':
      return intervention;
    case 'edit': {
      const { kind, candidate: candidateId, code } = intervention;
      return { kind, candidateId, code };
    }
    case 'branch':
      return { kind: intervention.kind, candidateId: intervention.candidate };
    case 'continue': {
      const { kind, ...changes } = intervention;
      return {
        kind,
        changes: changes as Prisma.InputJsonObject,
        before: await changeSettings(queries, jobId, changes),
      };
    }
  }
}

/** Changes the settings of a job. Returns those before. */
async function changeSettings(queries: Queries, id: string, changes: SettingsChanges): Promise<Prisma.InputJsonObject> {
  const select = { policy: true, budget: true, model: true };
  const row = await queries.job.findUniqueOrThrow({ where: { id }, select });
  const before = { policy: policySchema.parse(row.policy), budget: budgetSchema.parse(row.budget), model: row.model };
  await queries.job.update({ where: { id }, data: withChanges(before, changes) });
  return before;
}

/** Queues an ended job for what cannot wait. Returns whether it did. */
async function reopen(queries: Queries, job: LockedJob, { kind }: NewIntervention): Promise<boolean> {
  if (!isFinal(job.status) || (kind !== 'edit' && kind !== 'continue')) return false;
  await (kind === 'continue'
    ? queueToContinue(queries, job)
    : queueForEdits(queries, job, await endOf(queries, job.id)));
  return true;
}

/** How a job has ended. */
async function endOf(queries: Queries, id: string): Promise<RefinementResult> {
  const row = await queries.job.findUniqueOrThrow({ where: { id } });
  return {
    stopReason: row.stopReason!,
    outcome: row.outcome,
    detail: row.stopDetail ?? '',
    error: row.error as RefinementResult['error'],
  };
}

const announce = (
  queries: Queries,
  job: LockedJob,
  type: 'intervention.created' | 'intervention.withdrawn',
  data: { id: string; kind: InterventionKind },
): Promise<boolean> => appendEvent(queries, Prisma.sql`id = ${job.id}`, { type, data }, timestamp(job.now));

export async function listInterventions(database: Database, jobId: string): Promise<Intervention[]> {
  const where = { jobId: sanitizeForPostgres(jobId) };
  const rows = await database.run((queries) => queries.intervention.findMany({ where, orderBy: { seq: 'asc' } }));
  return rows.map(readIntervention);
}

export async function withdrawIntervention(
  database: Database,
  id: string,
): Promise<'withdrawn' | 'in_effect' | 'no_intervention'> {
  const where = { id: sanitizeForPostgres(id) };
  return database.transaction(async (queries) => {
    const found = await queries.intervention.findUnique({ where });
    const job = found && (await lockJob(database, queries, Prisma.sql`id = ${found.jobId}`));
    if (!job) return 'no_intervention';
    // Read again under the lock: a round may have begun.
    const row = await queries.intervention.findUniqueOrThrow({ where });
    if (row.withdrawnAt) return 'withdrawn';
    if (!isWithdrawable(readIntervention(row))) return 'in_effect';
    await queries.intervention.update({ where, data: { withdrawnAt: job.now } });
    await announce(queries, job, 'intervention.withdrawn', { id: row.id, kind: row.kind });
    return 'withdrawn';
  });
}

export async function beginRound(
  database: Database,
  claim: Claim,
  iteration: number,
): Promise<RoundStart | Extract<WriteResult, 'lost'>> {
  let start: RoundStart | undefined;
  const result = await underClaim(database, claim, async (queries, { id, begun, endsAs }) => {
    if (begun !== iteration) await decide(queries, id, iteration);
    const rows = await queries.intervention.findMany({ where: { jobId: id }, orderBy: { seq: 'asc' } });
    start = { interventions: rows.map(readIntervention), endsAs };
  });
  return result === 'lost' ? 'lost' : start!;
}

/** What waits holds from this iteration on, and what was withdrawn no longer does. */
async function decide(queries: Queries, jobId: string, iteration: number): Promise<void> {
  await queries.$executeRaw`
    WITH job AS (UPDATE jobs SET begun_iteration = ${iteration} WHERE id = ${jobId}),
      begun AS (
        UPDATE interventions SET from_iteration = ${iteration}
        WHERE job_id = ${jobId} AND from_iteration IS NULL AND withdrawn_at IS NULL)
    UPDATE interventions SET until_iteration = ${iteration}
    WHERE job_id = ${jobId} AND from_iteration IS NOT NULL AND until_iteration IS NULL AND withdrawn_at IS NOT NULL`;
}

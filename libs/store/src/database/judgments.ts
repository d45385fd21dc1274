import { createJudgmentSchema, type CreateJudgment, type Judgment } from '@pentimento/contracts';
import { v7 as uuidv7 } from 'uuid';
import type { JudgmentRefusal } from '../types.ts';
import type { Database, Queries } from './client.ts';
import { readJudgment } from './rows.ts';
import { sanitizeForPostgres } from '@pentimento/postgres';

export async function createJudgment(
  database: Database,
  candidate: string,
  input: CreateJudgment,
): Promise<Judgment | JudgmentRefusal> {
  const { author, ...statement } = createJudgmentSchema.parse(sanitizeForPostgres(input));
  const candidateId = sanitizeForPostgres(candidate);
  const id = `judg_${uuidv7({ msecs: database.milliseconds() })}`;
  return database.transaction(async (queries) => {
    const job = await keepJobOf(database, queries, candidateId);
    if (!job) return 'no_candidate';
    if (statement.preferredOver !== null && !(await isOtherOf(queries, job.id, candidateId, statement.preferredOver))) {
      return 'no_other';
    }
    const by = { authorKind: author.kind, authorName: author.name };
    const data = { id, jobId: job.id, candidateId, ...statement, ...by, createdAt: job.now };
    return readJudgment(await queries.judgment.create({ data }));
  });
}

/** The candidate's job and the time. It is not deleted until the transaction ends. Null where there is no such candidate. */
async function keepJobOf(
  database: Database,
  queries: Queries,
  candidate: string,
): Promise<{ id: string; now: Date } | null> {
  const rows = await queries.$queryRaw<{ id: string; now: Date }[]>`
    SELECT id, ${database.now()} AS now FROM jobs
    WHERE id = (SELECT job_id FROM candidates WHERE id = ${candidate}) FOR KEY SHARE`;
  return rows[0] ?? null;
}

async function isOtherOf(queries: Queries, jobId: string, candidate: string, other: string): Promise<boolean> {
  return other !== candidate && (await queries.candidate.count({ where: { id: other, jobId } })) > 0;
}

export async function listJudgments(database: Database, jobId: string): Promise<Judgment[]> {
  const where = { jobId: sanitizeForPostgres(jobId) };
  const rows = await database.run((queries) => queries.judgment.findMany({ where, orderBy: { seq: 'asc' } }));
  return rows.map(readJudgment);
}

export async function withdrawJudgment(database: Database, id: string): Promise<boolean> {
  const changed = await database.run(
    (queries) => queries.$executeRaw`
      UPDATE judgments SET withdrawn_at = coalesce(withdrawn_at, ${database.now()}) WHERE id = ${sanitizeForPostgres(id)}`,
  );
  return changed > 0;
}

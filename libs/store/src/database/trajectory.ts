import {
  candidateSchema,
  failedCallSchema,
  iterationSchema,
  modelCallSchema,
  type Best,
  type Candidate,
  type FailedCall,
  type Iteration,
  type ModelCall,
  type NewEvent,
  type WriteResult,
} from '@pentimento/contracts';
import { Prisma } from '../../generated/client.ts';
import type { Claim } from '../types.ts';
import { underClaim, type LockedJob } from './claims.ts';
import type { Database, Queries } from './client.ts';
import { appendEvent } from './events.ts';
import { timestamp } from './leases.ts';
import { readCall, readCandidate, readFailedCall, readIteration, wholeCandidate } from './rows.ts';
import { sanitizeForPostgres } from '@pentimento/postgres';

const json = (value: unknown) => (value === null ? Prisma.DbNull : (value as Prisma.InputJsonValue));

export async function findCall(
  database: Database,
  jobId: string,
  iteration: number,
  candidate: number,
): Promise<ModelCall | null> {
  const where = { jobId_iteration_candidate: { jobId, iteration, candidate } };
  const row = await database.run((queries) => queries.modelCall.findUnique({ where }));
  return row && readCall(row);
}

export async function recordCall(database: Database, claim: Claim, call: ModelCall): Promise<WriteResult> {
  return underClaim(database, claim, async (queries) => {
    await storeCall(queries, claim.jobId, call);
  });
}

/** Failed calls have no position of their own: a retried job may fail at the same one again. */
export async function recordFailedCall(database: Database, claim: Claim, input: FailedCall): Promise<WriteResult> {
  const call = failedCallSchema.parse(sanitizeForPostgres(input));
  return underClaim(database, claim, async (queries) => {
    await queries.failedCall.create({ data: { jobId: claim.jobId, ...call } });
  });
}

export async function listFailedCalls(database: Database, jobId: string): Promise<FailedCall[]> {
  const rows = await database.run((queries) =>
    queries.failedCall.findMany({ where: { jobId }, orderBy: { id: 'asc' } }),
  );
  return rows.map(readFailedCall);
}

/** Stores the call and its usage unless it is stored already. Returns the id of its row. */
async function storeCall(queries: Queries, jobId: string, input: ModelCall): Promise<bigint> {
  const call = modelCallSchema.parse(sanitizeForPostgres(input));
  const key = { jobId, iteration: call.iteration, candidate: call.candidate };
  const stored = await queries.modelCall.findUnique({ where: { jobId_iteration_candidate: key } });
  if (stored && stored.reply !== call.reply) {
    throw new Error(
      `The model call ${call.iteration}/${call.candidate} of ${jobId} is recorded with another reply: ask findCall before calling a model.`,
    );
  }
  if (stored) return stored.id;
  const { capture, ...rest } = call;
  const columns = capture.level === 'token_exact' ? { tokens: capture.tokens } : { textOnlyReason: capture.reason };
  const { id } = await queries.modelCall.create({ data: { jobId, ...rest, ...columns }, select: { id: true } });
  await queries.$executeRaw`
    UPDATE jobs
    SET spent_input_tokens = spent_input_tokens + ${call.usage.inputTokens ?? 0}::bigint,
      spent_output_tokens = spent_output_tokens + ${call.usage.outputTokens ?? 0}::bigint,
      spent_cost = spent_cost + ${call.usage.cost ?? 0}::float8, recoveries = 0
    WHERE id = ${jobId}`;
  return id;
}

export async function findCandidate(
  database: Database,
  jobId: string,
  iteration: number,
  index: number,
): Promise<Candidate | null> {
  const where = { jobId_iteration_index: { jobId, iteration, index } };
  const row = await database.run((queries) => queries.candidate.findUnique({ where, include: wholeCandidate }));
  return row && readCandidate(row);
}

export async function getCandidate(database: Database, id: string): Promise<Candidate | null> {
  const where = { id: sanitizeForPostgres(id) };
  const row = await database.run((queries) => queries.candidate.findUnique({ where, include: wholeCandidate }));
  return row && readCandidate(row);
}

export async function listCandidates(database: Database, jobId: string, iteration?: number): Promise<Candidate[]> {
  const rows = await database.run((queries) =>
    queries.candidate.findMany({
      where: { jobId, iteration },
      orderBy: [{ iteration: 'asc' }, { index: 'asc' }],
      include: wholeCandidate,
    }),
  );
  return rows.map(readCandidate);
}

export async function appendCandidate(
  database: Database,
  claim: Claim,
  input: Candidate,
  event: NewEvent,
): Promise<WriteResult> {
  const candidate = candidateSchema.parse(sanitizeForPostgres(input));
  mustBelong(claim, candidate.jobId);
  return underClaim(database, claim, async (queries, job) => {
    const { jobId, iteration, index } = candidate;
    const where = { jobId_iteration_index: { jobId, iteration, index } };
    const stored = await queries.candidate.findUnique({ where, select: { id: true } });
    if (stored && stored.id !== candidate.id) {
      throw new Error(
        `The candidate ${iteration}/${index} of ${jobId} is stored as ${stored.id}: ask findCandidate before making one.`,
      );
    }
    if (stored) return;
    await storeCandidate(queries, candidate);
    await appendProgress(queries, job, event);
  });
}

async function storeCandidate(queries: Queries, candidate: Candidate): Promise<void> {
  const { call, render, reward, ...rest } = candidate;
  const { version, encoder, preprocessing, terms, tiles, windows, shift, map, ms } = reward;
  const callId = call && (await storeCall(queries, candidate.jobId, call));
  const image = render?.status === 'ok' ? render.image : null;
  await queries.candidate.create({ data: { ...rest, callId, render: json(render), image } });
  await queries.reward.create({
    data: {
      candidateId: candidate.id,
      version,
      encoderId: encoder.id,
      encoderSha256: encoder.sha256,
      preprocessing,
      terms,
      tiles,
      windows,
      shift: json(shift),
      map: json(map),
      ms,
    },
  });
}

export async function listIterations(database: Database, jobId: string): Promise<Iteration[]> {
  const rows = await database.run((queries) =>
    queries.iteration.findMany({ where: { jobId }, orderBy: { index: 'asc' } }),
  );
  const candidates = Map.groupBy(await listCandidates(database, jobId), (candidate) => candidate.iteration);
  return rows.map((row) => readIteration(row, candidates.get(row.index) ?? []));
}

export async function getIteration(database: Database, jobId: string, index: number): Promise<Iteration | null> {
  const where = { jobId_index: { jobId, index } };
  const row = await database.run((queries) => queries.iteration.findUnique({ where }));
  return row && readIteration(row, await listCandidates(database, jobId, index));
}

export async function appendRound(
  database: Database,
  claim: Claim,
  input: readonly { iteration: Iteration; event: NewEvent }[],
): Promise<WriteResult> {
  const round = input.map(({ iteration, event }) => {
    const sanitized = iterationSchema.parse(sanitizeForPostgres(iteration));
    mustBelong(claim, sanitized.jobId);
    return { iteration: sanitized, event };
  });
  return underClaim(database, claim, async (queries, job) => {
    const added = round.filter(({ iteration }) => iteration.index >= job.iterations);
    for (const [at, { iteration, event }] of added.entries()) {
      await mustFollow(queries, iteration, job.iterations + at);
      await storeIteration(queries, iteration);
      const score = JSON.stringify([bestScore(iteration.candidates)]);
      await appendProgress(queries, job, event, Prisma.sql`, scores = scores || ${score}::jsonb`);
    }
  });
}

async function storeIteration(queries: Queries, iteration: Iteration): Promise<void> {
  const { candidates, best, ...rest } = iteration;
  await queries.iteration.create({ data: { ...rest, best: json(best) } });
  if (candidates.some(({ id }) => id === best?.candidate)) await setBest(queries, iteration);
}

/** Best overall score among the candidates that show something; null where none does. */
function bestScore(candidates: Candidate[]): number | null {
  const rendered = candidates.filter(({ render, reward }) => render?.status === 'ok' && !reward.empty);
  return rendered.length > 0 ? Math.max(...rendered.map((candidate) => candidate.reward.terms.overall)) : null;
}

async function mustFollow(queries: Queries, iteration: Iteration, next: number): Promise<void> {
  const { jobId, index } = iteration;
  if (index !== next) throw new Error(`Iteration ${index} of ${jobId} does not follow: it has ${next} so far.`);
  const ids = iteration.candidates.map((candidate) => candidate.id);
  const where = { id: { in: ids }, jobId, iteration: index };
  if ((await queries.candidate.count({ where })) !== ids.length) {
    throw new Error(`Iteration ${index} of ${jobId} has candidates that are not stored: append those first.`);
  }
}

/** Copies the best candidate's code and render to the job. A best without them is a bug of the loop. */
async function setBest(queries: Queries, iteration: Iteration): Promise<void> {
  if (!iteration.best) return;
  const where = { id: iteration.best.candidate, jobId: iteration.jobId };
  const row = await queries.candidate.findUnique({ where, select: { code: true, image: true } });
  if (!row?.code || !row.image) {
    throw new Error(
      `The best candidate ${iteration.best.candidate} of ${iteration.jobId} has no stored code and render.`,
    );
  }
  const best: Best = { ...iteration.best, code: row.code, image: row.image };
  await queries.job.update({ where: { id: iteration.jobId }, data: { best } });
}

/** Appends the event of a new row, and resets the count of recoveries because the job has made progress. */
async function appendProgress(
  queries: Queries,
  job: LockedJob,
  event: NewEvent,
  changes: Prisma.Sql = Prisma.empty,
): Promise<void> {
  const progress = Prisma.sql`, recoveries = 0 ${changes}`;
  await appendEvent(queries, Prisma.sql`id = ${job.id}`, event, timestamp(job.now), progress);
}

function mustBelong(claim: Claim, jobId: string): void {
  if (jobId !== claim.jobId) throw new Error(`A claim on ${claim.jobId} cannot write to ${jobId}.`);
}

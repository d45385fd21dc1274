import {
  candidateSchema,
  exportLinks,
  exportSchema,
  failedCallSchema,
  interventionSchema,
  iterationSchema,
  jobLinks,
  jobSchema,
  judgmentSchema,
  modelCallSchema,
  parseEvent,
  type Candidate,
  type Export,
  type FailedCall,
  type Intervention,
  type Iteration,
  type Job,
  type JobEvent,
  type Judgment,
  type ModelCall,
} from '@pentimento/contracts';
import type * as model from '../../generated/models.ts';
import type { Prisma } from '../../generated/client.ts';

/** Relations that are read with a candidate. */
export const wholeCandidate = { call: true, reward: true } as const;
/** Relations that are read with a job. */
export const wholeJob = { episode: true } as const;
export type JobRow = Prisma.JobGetPayload<{ include: typeof wholeJob }>;

type CandidateRow = Prisma.CandidateGetPayload<{ include: typeof wholeCandidate }>;

/** These functions check a row with the schema of the contracts, and throw a ZodError for an invalid one. */
export function readJob(row: JobRow): Job {
  return jobSchema.parse({
    id: row.id,
    kind: row.kind,
    episode: row.episode && readEpisode(row.episode),
    name: row.name,
    target: {
      image: row.image,
      original: row.original,
      width: row.width,
      height: row.height,
      hadAlpha: row.hadAlpha,
      deviceScale: row.deviceScale,
    },
    language: row.language,
    model: row.model,
    policyVersion: row.policyVersion,
    instructions: row.instructions,
    initialCode: row.initialCode,
    policy: row.policy,
    budget: row.budget,
    status: row.status,
    outcome: row.outcome,
    stopReason: row.stopReason,
    stopDetail: row.stopDetail,
    error: row.error,
    best: row.best,
    scores: row.scores,
    spent: {
      inputTokens: Number(row.spentInputTokens),
      outputTokens: Number(row.spentOutputTokens),
      cost: row.spentCost,
      seconds: row.spentSeconds,
    },
    forkedFrom: row.forkedFromJob === null ? null : { job: row.forkedFromJob, candidate: row.forkedFromCandidate },
    tags: row.tags,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    links: jobLinks(row.id),
  });
}

function readEpisode({ session, number, group }: model.EpisodeModel): unknown {
  return { session, number, group };
}

export function readCall(row: model.ModelCallModel): ModelCall {
  return modelCallSchema.parse({
    iteration: row.iteration,
    candidate: row.candidate,
    model: row.model,
    prompt: row.prompt,
    reply: row.reply,
    reasoning: row.reasoning,
    capture:
      row.tokens === null
        ? { level: 'text_only', reason: row.textOnlyReason }
        : { level: 'token_exact', tokens: row.tokens },
    finishReason: row.finishReason,
    usage: row.usage,
    served: row.served,
    sampling: row.sampling,
    attempts: row.attempts,
    ms: row.ms,
  });
}

export function readFailedCall({
  iteration,
  candidate,
  model,
  prompt,
  sampling,
  failure,
  at,
}: model.FailedCallModel): FailedCall {
  return failedCallSchema.parse({ iteration, candidate, model, prompt, sampling, failure, at: at.toISOString() });
}

export function readCandidate(row: CandidateRow): Candidate {
  return candidateSchema.parse({
    id: row.id,
    jobId: row.jobId,
    iteration: row.iteration,
    index: row.index,
    parents: row.parents,
    call: row.call && readCall(row.call),
    parseStatus: row.parseStatus,
    parseDetail: row.parseDetail,
    code: row.code,
    render: row.render,
    reward: row.reward && readReward(row.reward),
    createdAt: row.createdAt.toISOString(),
  });
}

function readReward(row: model.RewardModel): unknown {
  return {
    version: row.version,
    encoder: { id: row.encoderId, sha256: row.encoderSha256 },
    preprocessing: row.preprocessing,
    terms: row.terms,
    tiles: row.tiles,
    windows: row.windows,
    shift: row.shift,
    map: row.map,
    empty: row.empty,
    ms: row.ms,
  };
}

export function readIteration(row: model.IterationModel, candidates: Candidate[]): Iteration {
  return iterationSchema.parse({
    jobId: row.jobId,
    index: row.index,
    kind: row.kind,
    round: row.round,
    parents: row.parents,
    patches: row.patches,
    candidates,
    verdicts: row.verdicts,
    accepted: row.accepted,
    improvedRegions: row.improvedRegions,
    regressedRegions: row.regressedRegions,
    best: row.best,
    startedAt: row.startedAt.toISOString(),
    finishedAt: row.finishedAt.toISOString(),
  });
}

export function readEvent(row: model.EventModel): JobEvent {
  return parseEvent({ seq: row.seq, jobId: row.jobId, type: row.type, data: row.data, at: row.at.toISOString() });
}

export function readJudgment(row: model.JudgmentModel): Judgment {
  return judgmentSchema.parse({
    id: row.id,
    jobId: row.jobId,
    candidate: row.candidateId,
    verdict: row.verdict,
    preferredOver: row.preferredOver,
    note: row.note,
    author: { kind: row.authorKind, name: row.authorName },
    createdAt: row.createdAt.toISOString(),
    withdrawnAt: row.withdrawnAt?.toISOString() ?? null,
  });
}

/** Without the columns that are null, which other kinds have. */
export function readIntervention(row: model.InterventionModel): Intervention {
  const { box, words, candidateId: candidate, code, changes, before } = row;
  const own = Object.entries({ box, words, candidate, code, changes, before }).filter(([, value]) => value !== null);
  return interventionSchema.parse({
    ...Object.fromEntries(own),
    id: row.id,
    jobId: row.jobId,
    kind: row.kind,
    fromIteration: row.fromIteration,
    untilIteration: row.untilIteration,
    createdAt: row.createdAt.toISOString(),
    withdrawnAt: row.withdrawnAt?.toISOString() ?? null,
  });
}

export function readExport(row: model.ExportModel): Export {
  return exportSchema.parse({
    id: row.id,
    name: row.name,
    format: row.format,
    filter: row.filter,
    options: row.options,
    status: row.status,
    progress: row.progress,
    error: row.error,
    manifest: row.manifest,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    links: exportLinks(row.id),
  });
}

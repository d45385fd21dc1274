import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { stopBeforeContinuing } from '@pentimento/agent';
import {
  codeMediaType,
  isFinal,
  withChanges,
  type CreateIntervention,
  type Intervention,
  type Job,
  type SettingsChanges,
  type StopReason,
} from '@pentimento/contracts';
import type { InterventionRefusal, NewIntervention, Store } from '@pentimento/store';
import { STORE } from '../database/store.provider.ts';
import { fieldProblem, notFound, ProblemException } from '../http/problem.exception.ts';
import { JobSubmission } from '../jobs/job-submission.ts';
import { validateCode } from '../jobs/job-validation.ts';
import { JobsService } from '../jobs/jobs.service.ts';
import { JobQueue } from '../queue/job-queue.ts';
import { foreignCandidate } from './foreign-candidate.ts';

/** Steers jobs: checks an intervention, stores it, and enqueues an ended job where it is queued again. Throws ProblemExceptions. */
@Injectable()
export class InterventionsService {
  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly jobs: JobsService,
    private readonly submission: JobSubmission,
    private readonly queue: JobQueue,
  ) {}

  async create(jobId: string, request: CreateIntervention): Promise<Intervention> {
    const job = await this.jobs.get(jobId);
    if (job.kind === 'environment') throw refusalProblem('episode', job);
    const stored = await this.store.createIntervention(jobId, await this.checked(job, request));
    if (typeof stored === 'string') throw refusalProblem(stored, job);
    if (stored.queued) await this.queue.enqueue(jobId, randomUUID());
    return stored.intervention;
  }

  async list(jobId: string): Promise<Intervention[]> {
    await this.jobs.get(jobId);
    return this.store.listInterventions(jobId);
  }

  async withdraw(id: string): Promise<void> {
    const result = await this.store.withdrawIntervention(id);
    if (result === 'no_intervention') throw notFound('intervention');
    if (result === 'in_effect') {
      const detail = 'It has taken effect and cannot be withdrawn: branch from another candidate to leave it behind.';
      throw new ProblemException('conflict', detail);
    }
  }

  /** The request as the store takes it. */
  private async checked(job: Job, request: CreateIntervention): Promise<NewIntervention> {
    if (request.kind === 'edit') return this.checkedEdit(job, request);
    if (request.kind === 'continue') await this.checkContinuing(job, request);
    return request;
  }

  private async checkedEdit(
    job: Job,
    request: Extract<CreateIntervention, { kind: 'edit' }>,
  ): Promise<NewIntervention> {
    validateCode(request.code, 'write all of it');
    await this.submission.validateRendering(job, request.code);
    return { ...request, code: await this.store.blobs.put(Buffer.from(request.code), codeMediaType) };
  }

  private async checkContinuing(job: Job, changes: SettingsChanges): Promise<void> {
    if (!isFinal(job.status)) throw refusalProblem('not_ended', job);
    const settings = withChanges(job, changes);
    // Code that is there need not be drafted.
    const code = job.best || job.initialCode ? '' : undefined;
    await this.submission.validate(
      { ...settings, language: job.language, code },
      { ownCode: job.initialCode !== null },
    );
    const stop = stopBeforeContinuing({ ...job, ...settings }, await this.store.listIterations(job.id));
    if (stop)
      throw new ProblemException(
        'conflict',
        `The job would end at once: ${stop.detail} ${remedies[stop.reason] ?? ''}`.trim(),
      );
  }
}

const remedies: Partial<Record<StopReason, string>> = {
  threshold: 'Give a higher policy.threshold.',
  max_iterations: 'Give a higher policy.maxIterations.',
  budget: 'Give a higher budget.maxTokens or budget.maxCost.',
  timeout: 'Give a higher budget.maxSeconds.',
};

function refusalProblem(refusal: InterventionRefusal, { status, episode, target }: Job): ProblemException {
  switch (refusal) {
    case 'no_job':
      return notFound('job');
    case 'episode': {
      const detail = `The job is an episode, which its caller steers by its replies: reset the session "${episode?.session}" to begin another one.`;
      return new ProblemException('conflict', detail);
    }
    case 'outside': {
      const detail = `The box is not within the target, which has ${target.width} x ${target.height} pixels: make it smaller, or move it.`;
      return fieldProblem('invalid-request', '/box', detail);
    }
    case 'no_candidate':
      return foreignCandidate();
    case 'no_render': {
      const detail =
        'The candidate did not render, so that nothing can go on from it: choose one that did, or edit its code.';
      return fieldProblem('invalid-request', '/candidate', detail);
    }
    case 'not_ended': {
      const detail = `The job is ${status}; only a job that has ended can be continued: wait for its end, or cancel it first.`;
      return new ProblemException('conflict', detail);
    }
  }
}

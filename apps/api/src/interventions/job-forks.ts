import { Inject, Injectable } from '@nestjs/common';
import { withChanges, type BlobId, type ForkJob, type Job } from '@pentimento/contracts';
import type { Store } from '@pentimento/store';
import { STORE } from '../database/store.provider.ts';
import { fieldProblem, ProblemException } from '../http/problem.exception.ts';
import { JobSubmission } from '../jobs/job-submission.ts';
import { JobsService } from '../jobs/jobs.service.ts';
import { JobQueue } from '../queue/job-queue.ts';
import { foreignCandidate } from './foreign-candidate.ts';

/** Submits the target of a job again with other settings. Throws a ProblemException where that is not possible. */
@Injectable()
export class JobForks {
  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly jobs: JobsService,
    private readonly submission: JobSubmission,
    private readonly queue: JobQueue,
  ) {}

  async fork(id: string, request: ForkJob): Promise<Job> {
    const job = await this.jobs.get(id);
    if (job.kind === 'environment') throw isEpisode();
    const settings = withChanges(job, request);
    const initialCode = request.candidate === null ? job.initialCode : await this.codeOf(id, request.candidate);
    await this.submission.validate({ ...settings, language: job.language, code: initialCode ?? undefined });
    const { target, language, policyVersion } = job;
    const forked = await this.store.createJob({
      ...{ target, language, initialCode, ...settings },
      name: request.name ?? job.name,
      instructions: request.instructions ?? job.instructions,
      policyVersion: settings.model === job.model ? policyVersion : null,
      forkedFrom: { job: id, candidate: request.candidate },
    });
    await this.queue.enqueue(forked.id, 0);
    return forked;
  }

  private async codeOf(jobId: string, id: string): Promise<BlobId> {
    const candidate = await this.store.getCandidate(id);
    if (candidate?.jobId !== jobId) throw foreignCandidate();
    if (candidate.code) return candidate.code;
    throw fieldProblem('invalid-request', '/candidate', 'The candidate has no code: choose one that has.');
  }
}

const isEpisode = (): ProblemException =>
  new ProblemException(
    'conflict',
    'The job is an episode, whose replies come from its caller: submit its target as a job.',
  );

import { Inject, Injectable } from '@nestjs/common';
import type { Candidate, Iteration, Job } from '@pentimento/contracts';
import type { Services } from '../composition/services.ts';
import { SERVICES } from '../composition/tokens.ts';
import { notFound, ProblemError } from '../http/problem.ts';
import { JobQueue } from '../queue/job-queue.ts';
import { randomUUID } from 'node:crypto';

/** Jobs as the API shows and changes them; what does not exist is a ProblemError. */
@Injectable()
export class JobsService {
  constructor(
    @Inject(SERVICES) private readonly services: Services,
    private readonly queue: JobQueue,
  ) {}

  async get(id: string): Promise<Job> {
    return (await this.services.store.getJob(id)) ?? missing('job');
  }

  async cancel(id: string): Promise<{ job: Job; changed: boolean }> {
    return (await this.services.store.cancelJob(id)) ?? missing('job');
  }

  async retry(id: string): Promise<Job> {
    const { job, changed } = (await this.services.store.retryJob(id)) ?? missing('job');
    if (!changed) {
      throw new ProblemError('conflict', `The job is ${job.status}; only a failed or canceled job can be retried.`);
    }
    await this.queue.deliver(id, randomUUID());
    return job;
  }

  async iterations(id: string): Promise<Iteration[]> {
    await this.get(id);
    return this.services.store.listIterations(id);
  }

  async iteration(id: string, index: number): Promise<Iteration> {
    return (await this.services.store.getIteration(id, index)) ?? missing('iteration');
  }

  async candidates(id: string): Promise<Candidate[]> {
    await this.get(id);
    return this.services.store.listCandidates(id);
  }

  async candidate(id: string): Promise<Candidate> {
    return (await this.services.store.getCandidate(id)) ?? missing('candidate');
  }
}

function missing(what: string): never {
  throw notFound(what);
}

import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import {
  type Candidate,
  type FailedCall,
  type Forecast,
  type Iteration,
  type Job,
  type JobPage,
  type ListJobs,
  type Tag,
} from '@pentimento/contracts';
import { forecastOf } from './forecast.ts';
import type { Store } from '@pentimento/store';
import { STORE } from '../database/store.provider.ts';
import { notFound, ProblemException } from '../http/problem.exception.ts';
import { JobQueue } from '../queue/job-queue.ts';

/** The newest past jobs that a forecast goes by. */
const forecastJobs = 100;

/** Reads and changes jobs; throws a ProblemException for what does not exist. */
@Injectable()
export class JobsService {
  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly queue: JobQueue,
  ) {}

  list(query: ListJobs): Promise<JobPage> {
    return this.store.listJobs(query);
  }

  async get(id: string): Promise<Job> {
    return (await this.store.getJob(id)) ?? missing('job');
  }

  /** Null: nothing is known yet. */
  async forecast(id: string): Promise<Forecast | null> {
    const job = await this.get(id);
    const { kind, language, model } = job;
    const status: Job['status'][] = ['succeeded', 'failed', 'canceled'];
    const past = await this.store.listJobs({ kind: [kind], status, language, model, limit: forecastJobs });
    return forecastOf(job, past.data);
  }

  async cancel(id: string): Promise<{ job: Job; changed: boolean }> {
    return (await this.store.cancelJob(id)) ?? missing('job');
  }

  async retry(id: string): Promise<Job> {
    const { job, changed } = (await this.store.retryJob(id)) ?? missing('job');
    if (!changed) throw new ProblemException('conflict', whyNotRetried(job));
    await this.queue.enqueue(id, randomUUID());
    return job;
  }

  async delete(id: string): Promise<void> {
    if (!(await this.store.deleteJob(id))) missing('job');
  }

  async setTags(id: string, tags: readonly Tag[]): Promise<Job> {
    return (await this.store.setTags(id, tags)) ?? missing('job');
  }

  async iterations(id: string): Promise<Iteration[]> {
    await this.get(id);
    return this.store.listIterations(id);
  }

  async iteration(id: string, index: number): Promise<Iteration> {
    return (await this.store.getIteration(id, index)) ?? missing('iteration');
  }

  async candidates(id: string): Promise<Candidate[]> {
    await this.get(id);
    return this.store.listCandidates(id);
  }

  async failedCalls(id: string): Promise<FailedCall[]> {
    await this.get(id);
    return this.store.listFailedCalls(id);
  }

  async candidate(id: string): Promise<Candidate> {
    return (await this.store.getCandidate(id)) ?? missing('candidate');
  }
}

function whyNotRetried({ kind, status, episode }: Job): string {
  return kind === 'environment'
    ? `The job is an episode, whose replies come from its caller: reset the session "${episode?.session}" to begin another one.`
    : `The job is ${status}; only a failed or canceled job can be retried.`;
}

function missing(what: string): never {
  throw notFound(what);
}

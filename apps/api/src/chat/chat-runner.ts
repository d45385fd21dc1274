import { Inject, Injectable } from '@nestjs/common';
import { fence, isFinal, type Job, type JobEvent } from '@pentimento/contracts';
import type { Store } from '@pentimento/store';
import { STORE } from '../database/store.provider.ts';
import { ProblemException } from '../http/problem.exception.ts';
import { hasEnded } from '../jobs/event-stream.ts';
import { JobsService } from '../jobs/jobs.service.ts';
import { blobPort } from '../blobs/blob-port.ts';
import { LANGUAGES, type Languages } from '../runtime/languages.ts';
import { failureOf } from './chat-answer.ts';

/** Follows the job of a chat completion to its end. */
@Injectable()
export class ChatRunner {
  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(LANGUAGES) private readonly languages: Languages,
    private readonly jobs: JobsService,
  ) {}

  /**
   * The job once it has ended. A client that leaves cancels it; a server that shuts down leaves it to the next one, and throws a
   * ProblemException that names it. So does a job that was deleted. Null: the client has left.
   */
  async follow({ id }: Job, signal: AbortSignal, onEvent: (event: JobEvent) => void = () => {}): Promise<Job | null> {
    for await (const events of this.store.tailEvents(id, 0, signal)) {
      events.forEach(onEvent);
      if (await hasEnded(this.store, events.at(-1))) break;
    }
    if (!signal.aborted) return this.ended(id);
    if (signal.reason instanceof ProblemException) throw leftBehind(id);
    await this.jobs.cancel(id);
    return null;
  }

  /** The best code of a job that has ended, in one fenced block. Throws a ProblemException where it has none. */
  async content(job: Job): Promise<string> {
    if (!job.best) throw failureOf(job);
    const bytes = await blobPort(this.store.blobs).get(job.best.code);
    const language = this.languages.find(({ id }) => id === job.language);
    return fence(Buffer.from(bytes).toString(), language?.fenceNames[0] ?? job.language);
  }

  private async ended(id: string): Promise<Job> {
    const job = await this.store.getJob(id);
    if (!job) throw new ProblemException('not-found', `The job ${id} was deleted before it ended.`);
    if (!isFinal(job.status)) throw leftBehind(id);
    return job;
  }
}

const leftBehind = (id: string): ProblemException =>
  new ProblemException(
    'unavailable',
    `The server is shutting down. The job ${id} goes on once it is back: read its result from GET /v1/jobs/${id} instead of asking again.`,
  );

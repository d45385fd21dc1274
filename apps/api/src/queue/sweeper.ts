import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Services } from '../composition/services.ts';
import { SERVICES } from '../composition/tokens.ts';
import { rareWarning } from '../runtime/rare-warning.ts';
import { JobQueue } from './job-queue.ts';

/** Finds the jobs that nobody works on though somebody should, and has them delivered again. */
@Injectable()
export class Sweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly warn: (error: Error) => void;
  private timer: NodeJS.Timeout | undefined;
  private sweeping = Promise.resolve();

  constructor(
    @Inject(SERVICES) private readonly services: Services,
    private readonly queue: JobQueue,
  ) {
    this.warn = rareWarning(services.logger, 'A sweep failed; the next one tries again.');
  }

  onApplicationBootstrap(): void {
    this.sweeping = this.sweepAndSchedule();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearTimeout(this.timer);
    await this.sweeping;
    clearTimeout(this.timer);
  }

  private async sweepAndSchedule(): Promise<void> {
    const { lifecycle, environment } = this.services;
    try {
      await this.sweep();
    } catch (error) {
      this.warn(error as Error);
    }
    if (lifecycle.draining.aborted) return;
    this.timer = setTimeout(() => (this.sweeping = this.sweepAndSchedule()), environment.queue.sweepMs);
  }

  private async sweep(): Promise<void> {
    const { store, logger, environment } = this.services;
    const { queuedMs, maxRecoveries } = environment.queue;
    for (const { jobId, token, reason } of await store.sweep({ queuedMs, maxRecoveries })) {
      if (reason === 'dead_worker') logger.warn({ jobId }, 'The worker of a job is gone; the job is queued again.');
      await this.queue.deliver(jobId, token);
    }
  }
}

import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Store } from '@pentimento/store';
import type { Logger } from 'pino';
import { STORE } from '../database/store.provider.ts';
import { Lifecycle } from '../runtime/lifecycle.ts';
import { LOGGER } from '../runtime/logging.ts';
import { throttledWarning } from '../runtime/throttled-warning.ts';
import { SETTINGS, type Settings } from '../settings/settings.ts';
import { JobQueue } from './job-queue.ts';

/** Re-enqueues orphaned jobs at regular intervals. */
@Injectable()
export class Sweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly warn: (error: Error) => void;
  private timer: NodeJS.Timeout | undefined;
  private sweeping = Promise.resolve();

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(STORE) private readonly store: Store,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly queue: JobQueue,
    private readonly lifecycle: Lifecycle,
  ) {
    this.warn = throttledWarning(logger, 'A sweep failed; the next one tries again.');
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
    try {
      await this.sweep();
    } catch (error) {
      this.warn(error as Error);
    }
    if (this.lifecycle.draining.aborted) return;
    this.timer = setTimeout(() => (this.sweeping = this.sweepAndSchedule()), this.settings.queue.sweepMs);
  }

  private async sweep(): Promise<void> {
    const { queuedMs, maxRecoveries } = this.settings.queue;
    for (const { jobId, token, reason } of await this.store.sweep({ queuedMs, maxRecoveries })) {
      if (reason === 'dead_worker')
        this.logger.warn({ jobId }, 'The worker of a job is gone; the job is queued again.');
      await this.queue.enqueue(jobId, token);
    }
  }
}

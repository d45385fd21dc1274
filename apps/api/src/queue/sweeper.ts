import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Store } from '@pentimento/store';
import type { Logger } from 'pino';
import { STORE } from '../database/store.provider.ts';
import { Lifecycle } from '../runtime/lifecycle.ts';
import { LOGGER } from '../runtime/logging.ts';
import { Periodic } from '../runtime/periodic.ts';
import { throttledWarning } from '../runtime/throttled-warning.ts';
import { SETTINGS, type Settings } from '../settings/settings.ts';
import { ExportQueue } from './export-queue.ts';
import { JobQueue } from './job-queue.ts';

/** Re-enqueues orphaned jobs and exports at regular intervals. */
@Injectable()
export class Sweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly periodic: Periodic;

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(STORE) private readonly store: Store,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly jobs: JobQueue,
    private readonly exports: ExportQueue,
    lifecycle: Lifecycle,
  ) {
    const onError = throttledWarning(logger, 'A sweep failed; the next one tries again.');
    this.periodic = new Periodic(() => this.sweep(), { intervalMs: settings.queue.sweepMs, lifecycle, onError });
  }

  onApplicationBootstrap(): void {
    this.periodic.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.periodic.stop();
  }

  private async sweep(): Promise<void> {
    const { queuedMs, maxRecoveries } = this.settings.queue;
    for (const { jobId, token, reason } of await this.store.sweep({ queuedMs, maxRecoveries })) {
      if (reason === 'dead_worker')
        this.logger.warn({ jobId }, 'The worker of a job is gone; the job is queued again.');
      await this.jobs.enqueue(jobId, token);
    }
    for (const { exportId, token, reason } of await this.store.exports.sweep({ queuedMs, maxRecoveries })) {
      if (reason === 'dead_worker')
        this.logger.warn({ exportId }, 'The worker of an export is gone; the export is queued again.');
      await this.exports.enqueue(exportId, token);
    }
  }
}

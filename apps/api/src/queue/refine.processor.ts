import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Inject, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Job } from 'bullmq';
import type { Logger } from 'pino';
import { LOGGER } from '../runtime/logging.ts';
import { throttledWarning } from '../runtime/throttled-warning.ts';
import { SETTINGS, type Settings } from '../settings/settings.ts';
import { queueName } from './connection.ts';
import type { Delivery } from './job-queue.ts';
import { RefinementRunner } from './refinement-runner.ts';

/** Takes deliveries from the queue, on both backends. Starts once the application is up, and stops before the queue closes. */
@Processor(queueName, { autorun: false })
export class RefineProcessor extends WorkerHost implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly warn: (error: Error) => void;

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly refinements: RefinementRunner,
  ) {
    super();
    this.warn = throttledWarning(logger, 'The worker cannot reach the queue; retrying.');
  }

  async process({ data }: Job<Delivery>): Promise<void> {
    const claim = await this.refinements.claim(data.jobId);
    if (claim) await this.refinements.work(claim);
  }

  onApplicationBootstrap(): void {
    this.worker.concurrency = this.settings.queue.concurrency;
    this.worker.run().catch(this.warn);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.worker.close();
  }

  @OnWorkerEvent('error')
  onError(error: Error): void {
    this.warn(error);
  }

  @OnWorkerEvent('failed')
  onFailed(job: Job<Delivery> | undefined, error: Error): void {
    this.logger.error({ err: error, jobId: job?.data.jobId }, 'A delivery failed; the sweeper will repeat it.');
  }
}

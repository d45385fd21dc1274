import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Inject, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Job } from 'bullmq';
import type { Services } from '../composition/services.ts';
import { SERVICES } from '../composition/tokens.ts';
import { rareWarning } from '../runtime/rare-warning.ts';
import { queueName } from './connection.ts';
import type { Delivery } from './job-queue.ts';
import { Refinements } from './refinements.ts';

/** The queue's end: one processor for both backends. It starts once the application is up, and stops before the queue closes. */
@Processor(queueName, { autorun: false })
export class RefineProcessor extends WorkerHost implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly warn: (error: Error) => void;

  constructor(
    @Inject(SERVICES) private readonly services: Services,
    private readonly refinements: Refinements,
  ) {
    super();
    this.warn = rareWarning(services.logger, 'The worker cannot reach the queue; it tries again.');
  }

  async process({ data }: Job<Delivery>): Promise<void> {
    const claim = await this.refinements.claim(data.jobId);
    if (claim) await this.refinements.work(claim);
  }

  onApplicationBootstrap(): void {
    this.worker.concurrency = this.services.environment.queue.concurrency;
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
    this.services.logger.error({ err: error, jobId: job?.data.jobId }, 'A delivery failed; the sweeper repeats it.');
  }
}

import { OnWorkerEvent, WorkerHost } from '@nestjs/bullmq';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Job } from 'bullmq';
import type { Logger } from 'pino';
import type { Lifecycle } from '../runtime/lifecycle.ts';
import { throttledWarning } from '../runtime/throttled-warning.ts';
import type { Delivery } from './work-queue.ts';

/** Claims rows and works on them. */
export interface Runner<Claim> {
  /** Null: another worker has the row, or it has ended. */
  claim(id: string): Promise<Claim | null>;
  /** Works on a claimed row until it ends, is lost, or is given back. Never rejects. */
  work(claim: Claim): Promise<void>;
}

/**
 * Takes deliveries from a queue, on both backends. Starts once the application is up. It takes none from the moment that the
 * process drains, so that what other work gives back is left to the next process.
 */
export abstract class WorkProcessor<Claim>
  extends WorkerHost
  implements OnApplicationBootstrap, BeforeApplicationShutdown
{
  private readonly warn: (error: Error) => void;

  constructor(
    private readonly runner: Runner<Claim>,
    private readonly concurrency: number,
    private readonly logger: Logger,
    private readonly lifecycle: Lifecycle,
  ) {
    super();
    this.warn = throttledWarning(logger, 'The worker cannot reach the queue; retrying.');
  }

  async process({ data }: Job<Delivery>): Promise<void> {
    const claim = await this.runner.claim(data.id);
    if (claim) await this.runner.work(claim);
  }

  onApplicationBootstrap(): void {
    this.worker.concurrency = this.concurrency;
    this.lifecycle.draining.addEventListener('abort', () => void this.worker.close().catch(this.warn));
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
    this.logger.error({ err: error, id: job?.data.id }, 'A delivery failed; the sweeper will repeat it.');
  }
}

import { InjectQueue } from '@nestjs/bullmq';
import { Inject, Injectable } from '@nestjs/common';
import type { Queue } from 'bullmq';
import type { Services } from '../composition/services.ts';
import { SERVICES } from '../composition/tokens.ts';
import { rareWarning } from '../runtime/rare-warning.ts';
import { queueName } from './connection.ts';

/** All that the queue carries. */
export interface Delivery {
  jobId: string;
}

const patienceMs = 2_000;

/** Hands jobs to the queue. The rows own the truth: a delivery that is lost here is found again by the sweeper. */
@Injectable()
export class JobQueue {
  constructor(
    @InjectQueue(queueName) private readonly queue: Queue<Delivery>,
    @Inject(SERVICES) private readonly services: Services,
  ) {
    queue.on('error', rareWarning(services.logger, 'The queue does not answer; it is tried again.'));
  }

  /**
   * `turn` names this wait of the job in the queue (its claim token): delivering the same turn twice is one delivery,
   * and a later turn is never swallowed as a double of an earlier one. Never rejects.
   */
  async deliver(jobId: string, turn: number | string): Promise<void> {
    try {
      await orLate(this.queue.add('refine', { jobId }, { ...keepNothing, jobId: `${jobId}-${turn}` }));
    } catch (error) {
      this.services.logger.warn({ err: error, jobId }, 'A job could not be queued; the sweeper will queue it.');
    }
  }

  /** Jobs waiting for a worker. Rejects where the queue does not answer. */
  waiting(): Promise<number> {
    return orLate(this.queue.getWaitingCount());
  }
}

const keepNothing = { removeOnComplete: true, removeOnFail: true, attempts: 1 };

async function orLate<T>(work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`The queue did not answer within ${patienceMs} ms.`)), patienceMs);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

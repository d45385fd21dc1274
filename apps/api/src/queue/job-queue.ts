import { InjectQueue } from '@nestjs/bullmq';
import { Inject, Injectable } from '@nestjs/common';
import type { Queue } from 'bullmq';
import type { Logger } from 'pino';
import { withDeadline } from '@pentimento/abort';
import { LOGGER } from '../runtime/logging.ts';
import { throttledWarning } from '../runtime/throttled-warning.ts';
import { queueName } from './connection.ts';

/** All that the queue carries. */
export interface Delivery {
  jobId: string;
}

const timeoutMs = 2_000;

/** Enqueues jobs. The rows own the truth: the sweeper enqueues again what is lost here. */
@Injectable()
export class JobQueue {
  constructor(
    @InjectQueue(queueName) private readonly queue: Queue<Delivery>,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    queue.on('error', throttledWarning(logger, 'The queue does not answer; retrying.'));
  }

  /**
   * `turn` identifies this wait of the job in the queue (its claim token): enqueuing the same turn twice is one delivery,
   * and a later turn is not dropped as a duplicate of an earlier one. Never rejects.
   */
  async enqueue(jobId: string, turn: number | string): Promise<void> {
    try {
      await inTime(this.queue.add('refine', { jobId }, { ...keepNothing, jobId: `${jobId}-${turn}` }));
    } catch (error) {
      this.logger.warn({ err: error, jobId }, 'A job could not be enqueued; the sweeper will do it.');
    }
  }

  /** Jobs waiting for a worker. Rejects where the queue does not answer. */
  waiting(): Promise<number> {
    return inTime(this.queue.getWaitingCount());
  }
}

const keepNothing = { removeOnComplete: true, removeOnFail: true, attempts: 1 };

const inTime = <T>(work: Promise<T>): Promise<T> =>
  withDeadline({ deadlineMs: timeoutMs, message: `The queue did not answer within ${timeoutMs} ms.` }, () => work);

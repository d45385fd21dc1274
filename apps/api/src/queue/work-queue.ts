import type { Queue } from 'bullmq';
import type { Logger } from 'pino';
import { withDeadline } from '@pentimento/abort';
import { throttledWarning } from '../runtime/throttled-warning.ts';

/** All that a queue carries: the id of a job or an export. */
export interface Delivery {
  id: string;
}

const timeoutMs = 2_000;

/** Enqueues rows that are work. The rows own the truth: the sweeper enqueues again what is lost here. */
export abstract class WorkQueue {
  constructor(
    private readonly queue: Queue<Delivery>,
    private readonly logger: Logger,
  ) {
    queue.on('error', throttledWarning(logger, 'The queue does not answer; retrying.'));
  }

  /**
   * `turn` identifies this wait of the row in the queue (its claim token): enqueuing the same turn twice is one delivery,
   * and a later turn is not dropped as a duplicate of an earlier one. Never rejects.
   */
  async enqueue(id: string, turn: number | string): Promise<void> {
    try {
      await inTime(this.queue.add(this.queue.name, { id }, { ...keepNothing, jobId: `${id}-${turn}` }));
    } catch (error) {
      this.logger.warn({ err: error, id }, 'Work could not be enqueued; the sweeper will do it.');
    }
  }

  /** Deliveries waiting for a worker. Rejects where the queue does not answer. */
  waiting(): Promise<number> {
    return inTime(this.queue.getWaitingCount());
  }
}

const keepNothing = { removeOnComplete: true, removeOnFail: true, attempts: 1 };

const inTime = <T>(work: Promise<T>): Promise<T> =>
  withDeadline({ deadlineMs: timeoutMs, message: `The queue did not answer within ${timeoutMs} ms.` }, () => work);

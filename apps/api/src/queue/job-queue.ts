import { InjectQueue } from '@nestjs/bullmq';
import { Inject, Injectable } from '@nestjs/common';
import type { Queue } from 'bullmq';
import type { Logger } from 'pino';
import { LOGGER } from '../runtime/logging.ts';
import { queueNames } from './connection.ts';
import { WorkQueue, type Delivery } from './work-queue.ts';

/** The queue of jobs. */
@Injectable()
export class JobQueue extends WorkQueue {
  constructor(@InjectQueue(queueNames.jobs) queue: Queue<Delivery>, @Inject(LOGGER) logger: Logger) {
    super(queue, logger);
  }
}

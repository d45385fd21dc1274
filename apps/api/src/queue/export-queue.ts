import { InjectQueue } from '@nestjs/bullmq';
import { Inject, Injectable } from '@nestjs/common';
import type { Queue } from 'bullmq';
import type { Logger } from 'pino';
import { LOGGER } from '../runtime/logging.ts';
import { queueNames } from './connection.ts';
import { WorkQueue, type Delivery } from './work-queue.ts';

/** The queue of exports. */
@Injectable()
export class ExportQueue extends WorkQueue {
  constructor(@InjectQueue(queueNames.exports) queue: Queue<Delivery>, @Inject(LOGGER) logger: Logger) {
    super(queue, logger);
  }
}

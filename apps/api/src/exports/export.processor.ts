import { Processor } from '@nestjs/bullmq';
import { Inject } from '@nestjs/common';
import type { ExportClaim } from '@pentimento/store';
import type { Logger } from 'pino';
import { queueNames } from '../queue/connection.ts';
import { WorkProcessor } from '../queue/work-processor.ts';
import { Lifecycle } from '../runtime/lifecycle.ts';
import { LOGGER } from '../runtime/logging.ts';
import { SETTINGS, type Settings } from '../settings/settings.ts';
import { ExportRunner } from './export-runner.ts';

/** Makes the exports of the queue. */
@Processor(queueNames.exports, { autorun: false })
export class ExportProcessor extends WorkProcessor<ExportClaim> {
  constructor(
    @Inject(SETTINGS) { exports }: Settings,
    @Inject(LOGGER) logger: Logger,
    runner: ExportRunner,
    lifecycle: Lifecycle,
  ) {
    super(runner, exports.concurrency, logger, lifecycle);
  }
}

import { Processor } from '@nestjs/bullmq';
import { Inject } from '@nestjs/common';
import type { Claim } from '@pentimento/store';
import type { Logger } from 'pino';
import { Lifecycle } from '../runtime/lifecycle.ts';
import { LOGGER } from '../runtime/logging.ts';
import { SETTINGS, type Settings } from '../settings/settings.ts';
import { queueNames } from './connection.ts';
import { RefinementRunner } from './refinement-runner.ts';
import { WorkProcessor } from './work-processor.ts';

/** Refines the jobs of the queue. */
@Processor(queueNames.jobs, { autorun: false })
export class RefineProcessor extends WorkProcessor<Claim> {
  constructor(
    @Inject(SETTINGS) { queue }: Settings,
    @Inject(LOGGER) logger: Logger,
    refinements: RefinementRunner,
    lifecycle: Lifecycle,
  ) {
    super(refinements, queue.concurrency, logger, lifecycle);
  }
}

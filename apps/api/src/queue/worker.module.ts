import { Module } from '@nestjs/common';
import { ModelsModule } from '../models/models.module.ts';
import { RendersModule } from '../renders/renders.module.ts';
import { RewardsModule } from '../rewards/rewards.module.ts';
import { Pruner } from './pruner.ts';
import { QueueModule } from './queue.module.ts';
import { RefineProcessor } from './refine.processor.ts';
import { RefinementPorts } from './refinement-ports.ts';
import { RefinementRunner } from './refinement-runner.ts';
import { Sweeper } from './sweeper.ts';

/** Takes jobs from the queue, refines them, enqueues orphaned ones again, and prunes the storage. */
@Module({
  imports: [QueueModule, ModelsModule, RendersModule, RewardsModule],
  providers: [RefinementPorts, RefinementRunner, RefineProcessor, Sweeper, Pruner],
})
export class WorkerModule {}

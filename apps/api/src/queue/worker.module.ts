import { Module } from '@nestjs/common';
import { ClaimsModule } from '../claims/claims.module.ts';
import { ModelsModule } from '../models/models.module.ts';
import { Pruner } from './pruner.ts';
import { QueueModule } from './queue.module.ts';
import { RefineProcessor } from './refine.processor.ts';
import { RefinementRunner } from './refinement-runner.ts';
import { RendersModule } from '../renders/renders.module.ts';
import { Sweeper } from './sweeper.ts';

/** Takes jobs from the queue, refines them, enqueues orphaned ones again, and prunes the storage. */
@Module({
  imports: [QueueModule, ModelsModule, ClaimsModule, RendersModule],
  providers: [RefinementRunner, RefineProcessor, Sweeper, Pruner],
})
export class WorkerModule {}

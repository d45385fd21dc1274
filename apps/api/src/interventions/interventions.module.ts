import { Module } from '@nestjs/common';
import { JobsModule } from '../jobs/jobs.module.ts';
import { QueueModule } from '../queue/queue.module.ts';
import { InterventionsController } from './interventions.controller.ts';
import { InterventionsService } from './interventions.service.ts';
import { JobForks } from './job-forks.ts';

@Module({
  imports: [JobsModule, QueueModule],
  controllers: [InterventionsController],
  providers: [InterventionsService, JobForks],
})
export class InterventionsModule {}

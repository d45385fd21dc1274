import { Module } from '@nestjs/common';
import { ModelsModule } from '../models/models.module.ts';
import { QueueModule } from '../queue/queue.module.ts';
import { RendersModule } from '../renders/renders.module.ts';
import { UploadsModule } from '../uploads/uploads.module.ts';
import { EventsController } from './events.controller.ts';
import { JobSubmission } from './job-submission.ts';
import { JobsController } from './jobs.controller.ts';
import { JobsService } from './jobs.service.ts';
import { TrajectoryController } from './trajectory.controller.ts';

@Module({
  imports: [ModelsModule, QueueModule, RendersModule, UploadsModule],
  controllers: [JobsController, EventsController, TrajectoryController],
  providers: [JobsService, JobSubmission],
  exports: [JobsService, JobSubmission],
})
export class JobsModule {}

import { Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { BlobsController } from './blobs/blobs.controller.ts';
import { Thumbnails } from './blobs/thumbnails.ts';
import { CatalogController } from './catalog/catalog.controller.ts';
import { Examples } from './catalog/examples.ts';
import type { Services } from './composition/services.ts';
import { SERVICES } from './composition/tokens.ts';
import { examplesFolder } from './config/locations.ts';
import { PROBES } from './health/checks.ts';
import { HealthController } from './health/health.controller.ts';
import { jobProbes } from './health/probes.ts';
import { ProblemFilter } from './http/problem.filter.ts';
import { validationPipe } from './http/validation.ts';
import { TargetIntake } from './intake/target-intake.ts';
import { EventsController } from './jobs/events.controller.ts';
import { JobsController } from './jobs/jobs.controller.ts';
import { JobsService } from './jobs/jobs.service.ts';
import { Submission } from './jobs/submission.ts';
import { TrajectoryController } from './jobs/trajectory.controller.ts';
import { JobQueue } from './queue/job-queue.ts';
import { rewardControllers } from './rewards/reward-http.module.ts';

@Module({
  controllers: [
    JobsController,
    EventsController,
    TrajectoryController,
    BlobsController,
    CatalogController,
    HealthController,
    ...rewardControllers,
  ],
  providers: [
    JobsService,
    Submission,
    TargetIntake,
    {
      provide: Thumbnails,
      inject: [SERVICES],
      useFactory: ({ environment }: Services) => new Thumbnails(environment.folders.thumbnails),
    },
    {
      provide: Examples,
      inject: [SERVICES, TargetIntake],
      useFactory: ({ store }: Services, intake: TargetIntake) => new Examples(examplesFolder, intake, store.blobs),
    },
    {
      provide: PROBES,
      inject: [SERVICES, JobQueue],
      useFactory: (services: Services, queue: JobQueue) => jobProbes(services, queue),
    },
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_PIPE, useFactory: validationPipe },
  ],
})
export class HttpModule {}

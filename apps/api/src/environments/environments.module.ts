import { Module } from '@nestjs/common';
import { ClaimsModule } from '../claims/claims.module.ts';
import { RendersModule } from '../renders/renders.module.ts';
import { UploadsModule } from '../uploads/uploads.module.ts';
import { EnvironmentsController } from './environments.controller.ts';
import { EnvironmentsService } from './environments.service.ts';
import { EpisodeRunner } from './episode-runner.ts';
import { EpisodeStart } from './episode-start.ts';
import { StepQueue } from './step-queue.ts';
import { TurnAnswers } from './turn-answers.ts';

/** The loop opened up: a caller resets a session with a task, and steps with the replies of a model of its own. */
@Module({
  imports: [ClaimsModule, RendersModule, UploadsModule],
  controllers: [EnvironmentsController],
  providers: [EnvironmentsService, EpisodeStart, EpisodeRunner, StepQueue, TurnAnswers],
})
export class EnvironmentsModule {}

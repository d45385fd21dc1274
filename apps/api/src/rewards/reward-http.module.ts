import { Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import type { RewardServices } from '../composition/services.ts';
import { SERVICES } from '../composition/tokens.ts';
import { PROBES } from '../health/checks.ts';
import { HealthController } from '../health/health.controller.ts';
import { rewardProbes } from '../health/probes.ts';
import { ProblemFilter } from '../http/problem.filter.ts';
import { validationPipe } from '../http/validation.ts';
import { LanguagesController } from './languages.controller.ts';
import { RendersController } from './renders.controller.ts';
import { RewardsController } from './rewards.controller.ts';

export const rewardControllers = [RewardsController, RendersController, LanguagesController];

/** What a process answers that is a reward service only. */
@Module({
  controllers: [...rewardControllers, HealthController],
  providers: [
    { provide: PROBES, inject: [SERVICES], useFactory: (services: RewardServices) => rewardProbes(services) },
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_PIPE, useFactory: validationPipe },
  ],
})
export class RewardHttpModule {}

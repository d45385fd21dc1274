import { Module } from '@nestjs/common';
import { RewardsModule } from '../rewards/rewards.module.ts';
import { CompatController } from './compat.controller.ts';
import { CompatScoring } from './compat-scoring.ts';
import { NemoController } from './nemo.controller.ts';

/** Rewards as trainers ask for them that take no Python file of ours. */
@Module({
  imports: [RewardsModule],
  controllers: [CompatController, NemoController],
  providers: [CompatScoring],
})
export class CompatModule {}

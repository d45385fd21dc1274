import { Module } from '@nestjs/common';
import { RendersModule } from '../renders/renders.module.ts';
import { REWARD, REWARD_SERVICE, rewardProvider, rewardServiceProvider } from './reward.provider.ts';
import { RewardsController } from './rewards.controller.ts';

@Module({
  imports: [RendersModule],
  controllers: [RewardsController],
  providers: [rewardProvider, rewardServiceProvider],
  exports: [REWARD, REWARD_SERVICE],
})
export class RewardsModule {}

import { Module } from '@nestjs/common';
import { RewardsModule } from '../rewards/rewards.module.ts';
import { RescoresController } from './rescores.controller.ts';
import { RescoresService } from './rescores.service.ts';

@Module({ imports: [RewardsModule], controllers: [RescoresController], providers: [RescoresService] })
export class RescoresModule {}

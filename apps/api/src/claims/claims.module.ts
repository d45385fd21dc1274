import { Module } from '@nestjs/common';
import { LoopBlobsModule } from '../blobs/loop-blobs.ts';
import { RendersModule } from '../renders/renders.module.ts';
import { RewardsModule } from '../rewards/rewards.module.ts';
import { ClaimPorts } from './claim-ports.ts';
import { ClaimRunner } from './claim-runner.ts';

/** What runs the loop on a claimed job, whoever writes the replies. */
@Module({
  imports: [LoopBlobsModule, RendersModule, RewardsModule],
  providers: [ClaimPorts, ClaimRunner],
  exports: [ClaimPorts, ClaimRunner],
})
export class ClaimsModule {}

import { Body, Controller, Get, HttpCode, Inject, Post, Res, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  rewardBatchSchema,
  rewardResponseSchema,
  rewardVersionPageSchema,
  type RewardBatch,
  type RewardResponse,
  type RewardVersionPage,
} from '@pentimento/api-contracts';
import { rewardTermPageSchema, type RewardTermPage } from '@pentimento/contracts';
import { type RewardService, termInfos } from '@pentimento/reward';
import type { Response } from 'express';
import { onlyMediaTypes } from '../http/media-types.guard.ts';
import { requestAbort } from '../http/request-abort.ts';
import { JsonResponse, ProblemResponses } from '../openapi/responses.ts';
import { Lifecycle } from '../runtime/lifecycle.ts';
import { throwRewardProblem } from './reward-problem.ts';
import { REWARD_SERVICE } from './reward.provider.ts';

@ApiTags('rewards')
@Controller('v1/rewards')
export class RewardsController {
  constructor(
    @Inject(REWARD_SERVICE) private readonly rewards: RewardService,
    private readonly lifecycle: Lifecycle,
  ) {}

  @Post('score')
  @HttpCode(200)
  @UseGuards(onlyMediaTypes('application/json'))
  @ApiOperation({ summary: 'Score replies, code or images against targets', operationId: 'scoreRewards' })
  @JsonResponse(200, rewardResponseSchema, 'As many results as items, in their order, each with a status of its own.')
  @ProblemResponses('invalid-request', 'conflict', 'request-too-large', 'unsupported-media-type', 'busy', 'unavailable')
  async score(
    @Body({ schema: rewardBatchSchema }) batch: RewardBatch,
    @Res({ passthrough: true }) response: Response,
  ): Promise<RewardResponse> {
    return this.rewards.score(batch, requestAbort(response, this.lifecycle.draining)).catch(throwRewardProblem);
  }

  @Get('terms')
  @ApiOperation({ summary: 'The terms of a score, and which a threshold may read', operationId: 'listRewardTerms' })
  @JsonResponse(200, rewardTermPageSchema, 'The terms in the order in which they are shown, the published ones first.')
  terms(): RewardTermPage {
    return { data: termInfos() };
  }

  @Get('versions')
  @ApiOperation({ summary: 'What this server scores by', operationId: 'listRewardVersions' })
  @JsonResponse(200, rewardVersionPageSchema, 'The versions; scores of different ones are not comparable.')
  @ProblemResponses('unavailable')
  async versions(): Promise<RewardVersionPage> {
    return { data: [await this.rewards.version().catch(throwRewardProblem)] };
  }
}

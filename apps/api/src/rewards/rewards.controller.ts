import { Body, Controller, Get, HttpCode, Inject, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import {
  rewardBatchSchema,
  rewardResponseSchema,
  rewardStreamMediaType,
  rewardVersionPageSchema,
  type RewardBatch,
  type RewardVersionPage,
} from '@pentimento/api-contracts';
import { rewardTermPageSchema, type RewardTermPage } from '@pentimento/contracts';
import { type RewardService, termInfos } from '@pentimento/reward';
import type { Request, Response } from 'express';
import { onlyMediaTypes } from '../http/media-types.guard.ts';
import { requestAbort } from '../http/request-abort.ts';
import { JsonResponse, ProblemResponses } from '../openapi/responses.ts';
import { Lifecycle } from '../runtime/lifecycle.ts';
import { throwRewardProblem } from './reward-problem.ts';
import { streamResults, wantsStream } from './reward-stream.ts';
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
  @ApiOperation({
    summary: 'Score replies, code or images against targets',
    description: `With \`Accept: ${rewardStreamMediaType}\`, a line for each result as soon as it is there (\`RewardStreamLine\`), and one of type \`end\`. Problems before the first line are as without it.`,
    operationId: 'scoreRewards',
  })
  @ApiProduces('application/json', rewardStreamMediaType)
  @JsonResponse(200, rewardResponseSchema, 'As many results as items, in their order, each with a status of its own.')
  @ProblemResponses('invalid-request', 'conflict', 'request-too-large', 'unsupported-media-type', 'busy', 'unavailable')
  async score(
    @Body({ schema: rewardBatchSchema }) batch: RewardBatch,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const signal = requestAbort(response, this.lifecycle.draining);
    if (wantsStream(request)) {
      const results = await this.rewards.scoreInTurn(batch, signal).catch(throwRewardProblem);
      return streamResults({ ...results, request, response, signal });
    }
    response.json(await this.rewards.score(batch, signal).catch(throwRewardProblem));
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

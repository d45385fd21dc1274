import { Body, Controller, Get, HttpCode, Inject, Post, Res, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  rewardBatchSchema,
  rewardResponseSchema,
  rewardVersionPageSchema,
  type RewardBatch,
  type RewardResponse,
  type RewardVersionPage,
} from '@pentimento/contracts';
import { EncoderError } from '@pentimento/encoder';
import { RewardServiceBusyError, RewardVersionError } from '@pentimento/reward';
import type { Response } from 'express';
import { RewardOutageError } from './remote-reward.ts';
import type { RewardServices } from '../composition/services.ts';
import { SERVICES } from '../composition/tokens.ts';
import { onlyMediaTypes } from '../http/media-types.guard.ts';
import { ProblemError } from '../http/problem.ts';
import { Answers, Problems } from '../openapi/answers.ts';
import { departure } from './departure.ts';

@ApiTags('rewards')
@Controller('v1/rewards')
export class RewardsController {
  constructor(@Inject(SERVICES) private readonly services: RewardServices) {}

  @Post('score')
  @HttpCode(200)
  @UseGuards(onlyMediaTypes('application/json'))
  @ApiOperation({ summary: 'Score replies, code or images against targets', operationId: 'scoreRewards' })
  @Answers(200, rewardResponseSchema, 'As many results as items, in their order, each with a status of its own.')
  @Problems('invalid-request', 'conflict', 'request-too-large', 'unsupported-media-type', 'busy', 'unavailable')
  async score(
    @Body({ schema: rewardBatchSchema }) batch: RewardBatch,
    @Res({ passthrough: true }) response: Response,
  ): Promise<RewardResponse> {
    const { rewards, lifecycle } = this.services;
    return rewards.score(batch, departure(response, lifecycle.draining)).catch(refuse);
  }

  @Get('versions')
  @ApiOperation({ summary: 'What this server scores by', operationId: 'listRewardVersions' })
  @Answers(200, rewardVersionPageSchema, 'The versions; scores of different ones are not comparable.')
  @Problems('unavailable')
  async versions(): Promise<RewardVersionPage> {
    return { data: [await this.services.rewards.version().catch(refuse)] };
  }
}

function refuse(error: unknown): never {
  if (error instanceof RewardVersionError) throw new ProblemError('conflict', error.message);
  if (error instanceof RewardServiceBusyError) {
    throw new ProblemError('busy', error.message, { retryAfterSeconds: error.retryAfterSeconds });
  }
  if (error instanceof EncoderError || error instanceof RewardOutageError) {
    throw new ProblemError('unavailable', error.message, { cause: error });
  }
  throw error;
}

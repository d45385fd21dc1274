import { Body, Controller, HttpCode, Post, Res, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  nemoSeedSessionResponseSchema,
  nemoVerifyRequestSchema,
  nemoVerifyResponseSchema,
  type NemoVerifyRequest,
  type NemoVerifyResponse,
} from '../protocols/reward-servers.ts';
import type { Response } from 'express';
import { onlyMediaTypes } from '../http/media-types.guard.ts';
import { JsonResponse } from '../openapi/responses.ts';
import { CompatProblems } from './compat-problems.ts';
import { CompatScoring } from './compat-scoring.ts';
import { imageOf, replyOf } from './nemo-text.ts';

/** A resources server of NeMo Gym. A rollout has no state here: its ground truth comes with what is verified. */
@ApiTags('compat')
@Controller('v1/compat/nemo')
@UseGuards(onlyMediaTypes('application/json'))
export class NemoController {
  constructor(private readonly scoring: CompatScoring) {}

  @Post('seed_session')
  @HttpCode(200)
  @ApiOperation({ summary: 'Begin a rollout of NeMo Gym', operationId: 'seedNemoSession' })
  @JsonResponse(200, nemoSeedSessionResponseSchema, 'Always empty.')
  @CompatProblems()
  seedSession(): object {
    return {};
  }

  @Post('verify')
  @HttpCode(200)
  @ApiOperation({ summary: 'Score a rollout of NeMo Gym', operationId: 'verifyNemo' })
  @JsonResponse(200, nemoVerifyResponseSchema, 'What was sent, and its reward.')
  @CompatProblems()
  async verify(
    @Body({ schema: nemoVerifyRequestSchema }) request: NemoVerifyRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<NemoVerifyResponse> {
    const item = {
      reply: replyOf(request),
      label: request.verifier_metadata,
      pointer: '/verifier_metadata',
      image: imageOf(request),
    };
    const [terms] = await this.scoring.score([item], response);
    const { overall: reward, ...parts } = terms!;
    return { ...request, ...parts, reward, reward_components: parts };
  }
}

import { randomUUID } from 'node:crypto';
import { Body, Controller, HttpCode, Post, Query, Res, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type PublishedTerms } from '@pentimento/contracts';
import {
  llamaFactoryRequestSchema,
  llamaFactoryResponseSchema,
  openRlhfRequestSchema,
  openRlhfResponseSchema,
  slimeQuerySchema,
  slimeRequestSchema,
  slimeResponseSchema,
  type LlamaFactoryRequest,
  type LlamaFactoryResponse,
  type OpenRlhfRequest,
  type OpenRlhfResponse,
  type SlimeQuery,
  type SlimeRequest,
  type SlimeResponse,
} from '../protocols/reward-servers.ts';
import type { Response } from 'express';
import { onlyMediaTypes } from '../http/media-types.guard.ts';
import { fieldProblem } from '../http/problem.exception.ts';
import { JsonResponse } from '../openapi/responses.ts';
import { CompatProblems } from './compat-problems.ts';
import { CompatScoring, type CompatItem } from './compat-scoring.ts';
import { replyAfter, splitAtMarker } from './item-text.ts';

/** Reward services as other trainers ask them. A failure is a status of 400 or more, never a number. */
@ApiTags('compat')
@Controller('v1/compat')
@UseGuards(onlyMediaTypes('application/json'))
export class CompatController {
  constructor(private readonly scoring: CompatScoring) {}

  @Post('openrlhf')
  @HttpCode(200)
  @ApiOperation({ summary: 'Score queries as OpenRLHF sends them', operationId: 'scoreOpenRlhf' })
  @JsonResponse(200, openRlhfResponseSchema, 'A reward for each query, in order.')
  @CompatProblems()
  async openRlhf(
    @Body({ schema: openRlhfRequestSchema }) request: OpenRlhfRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<OpenRlhfResponse> {
    const terms = await this.scoring.score(openRlhfItems(request), response);
    const all = (term: keyof PublishedTerms) => terms.map((values) => values[term]);
    const extra = { visual: all('visual'), alignment: all('alignment'), execution: all('execution') };
    return { rewards: all('overall'), scores: all('overall'), extra_logs: extra } as OpenRlhfResponse;
  }

  @Post('slime')
  @HttpCode(200)
  @ApiOperation({ summary: 'Score a sample as slime sends it', operationId: 'scoreSlime' })
  @JsonResponse(200, slimeResponseSchema, 'The reward itself.')
  @CompatProblems()
  async slime(
    @Body({ schema: slimeRequestSchema }) { response: reply, label }: SlimeRequest,
    @Query({ schema: slimeQuerySchema }) query: SlimeQuery,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SlimeResponse> {
    const [terms] = await this.scoring.score([{ reply, label, pointer: '/label' }], response);
    const { overall: score, ...parts } = terms!;
    return query.reply === 'terms' ? { score, ...parts } : score;
  }

  @Post('llamafactory')
  @HttpCode(200)
  @ApiOperation({ summary: 'Score messages as LLaMA-Factory sends them', operationId: 'scoreLlamaFactory' })
  @JsonResponse(200, llamaFactoryResponseSchema, 'A score for each message, in order.')
  @CompatProblems()
  async llamaFactory(
    @Body({ schema: llamaFactoryRequestSchema }) { model, messages }: LlamaFactoryRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<LlamaFactoryResponse> {
    const terms = await this.scoring.score(messages.map(llamaFactoryItem), response);
    const scores = terms.map(({ overall }) => overall);
    return { id: `scoreval-${randomUUID()}`, object: 'score.evaluation', model, scores };
  }
}

function openRlhfItems({ query, prompts, labels }: OpenRlhfRequest): CompatItem[] {
  return query.map((text, index) => {
    const reply = replyAfter(prompts[index]!, text);
    if (reply !== undefined) return { reply, label: labels[index], pointer: `/labels/${index}` };
    throw fieldProblem('invalid-request', `/query/${index}`, 'The query does not hold its prompt: send both as text.');
  });
}

function llamaFactoryItem(message: string, index: number): CompatItem {
  const pointer = `/messages/${index}`;
  const parts = splitAtMarker(message);
  if (parts) return { ...parts, pointer };
  const detail = 'End the prompt with <pentimento>{"target": BLOB ID, "language": "svg"}</pentimento>.';
  throw fieldProblem('invalid-request', pointer, detail);
}

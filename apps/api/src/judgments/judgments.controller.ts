import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { jobIdParamSchema } from '@pentimento/api-contracts';
import {
  candidateIdSchema,
  createJudgmentSchema,
  judgmentIdSchema,
  judgmentPageSchema,
  judgmentSchema,
  type CreateJudgment,
  type Judgment,
} from '@pentimento/contracts';
import type { Store } from '@pentimento/store';
import { z } from 'zod';
import { STORE } from '../database/store.provider.ts';
import { onlyMediaTypes } from '../http/media-types.guard.ts';
import { fieldProblem, notFound } from '../http/problem.exception.ts';
import { JsonResponse, ProblemResponses } from '../openapi/responses.ts';

const params = {
  candidate: z.strictObject({ id: candidateIdSchema }),
  judgment: z.strictObject({ id: judgmentIdSchema }),
};

@ApiTags('judgments')
@Controller('v1')
export class JudgmentsController {
  constructor(@Inject(STORE) private readonly store: Store) {}

  @Post('candidates/:id/judgments')
  @UseGuards(onlyMediaTypes('application/json'))
  @ApiOperation({
    summary: 'Judge a candidate: a verdict, a preference over another candidate, or a note',
    description:
      'The newest judgment of an author on a candidate counts, its note included, and so does the newest preference in a pair. Older ones stay as history.',
    operationId: 'createJudgment',
  })
  @JsonResponse(201, judgmentSchema, 'The judgment.')
  @ProblemResponses('invalid-request', 'not-found', 'unsupported-media-type')
  async create(
    @Param({ schema: params.candidate }) { id }: { id: string },
    @Body({ schema: createJudgmentSchema }) request: CreateJudgment,
  ): Promise<Judgment> {
    const judgment = await this.store.createJudgment(id, request);
    if (judgment === 'no_candidate') throw notFound('candidate');
    if (judgment === 'no_other') {
      const detail = "This is not another candidate of the same job; GET /v1/jobs/{id}/candidates lists a job's.";
      throw fieldProblem('invalid-request', '/preferredOver', detail);
    }
    return judgment;
  }

  @Get('jobs/:id/judgments')
  @ApiOperation({
    summary: 'All judgments of a job, oldest first, with those that are replaced or withdrawn',
    operationId: 'listJudgments',
  })
  @JsonResponse(200, judgmentPageSchema, 'The judgments.')
  @ProblemResponses('not-found')
  async list(@Param({ schema: jobIdParamSchema }) { id }: { id: string }): Promise<{ data: Judgment[] }> {
    if (!(await this.store.getJob(id))) throw notFound('job');
    return { data: await this.store.listJudgments(id) };
  }

  @Delete('judgments/:id')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Withdraw a judgment',
    description: 'It stays as history, and an older one of the same author does not count again.',
    operationId: 'withdrawJudgment',
  })
  @ApiResponse({ status: 204, description: 'The judgment is withdrawn, or was before.' })
  @ProblemResponses('not-found')
  async withdraw(@Param({ schema: params.judgment }) { id }: { id: string }): Promise<void> {
    if (!(await this.store.withdrawJudgment(id))) throw notFound('judgment');
  }
}

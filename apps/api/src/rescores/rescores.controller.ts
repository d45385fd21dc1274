import { Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { jobIdParamSchema } from '@pentimento/api-contracts';
import {
  candidateIdSchema,
  rescorePageSchema,
  rescoreResultSchema,
  type Rescore,
  type RescoreResult,
} from '@pentimento/contracts';
import type { Response } from 'express';
import { z } from 'zod';
import { requestAbort } from '../http/request-abort.ts';
import { JsonResponse, ProblemResponses } from '../openapi/responses.ts';
import { Lifecycle } from '../runtime/lifecycle.ts';
import { RescoresService } from './rescores.service.ts';

const candidateParamSchema = z.strictObject({ id: candidateIdSchema });

@ApiTags('rewards')
@Controller('v1')
export class RescoresController {
  constructor(
    private readonly rescores: RescoresService,
    private readonly lifecycle: Lifecycle,
  ) {}

  @Post('candidates/:id/rescores')
  @ApiOperation({
    summary: "Score a candidate's stored render again by this server's version",
    description: 'The score is added beside the others and replaces none. The score that the loop decided by stays.',
    operationId: 'createRescore',
  })
  @JsonResponse(201, rescoreResultSchema, 'The score was added.')
  @JsonResponse(200, rescoreResultSchema, 'The candidate had a score of this version, which stays.')
  @ProblemResponses('not-found', 'busy', 'unavailable')
  async create(
    @Param({ schema: candidateParamSchema }) { id }: { id: string },
    @Res({ passthrough: true }) response: Response,
  ): Promise<RescoreResult> {
    const result = await this.rescores.create(id, requestAbort(response, this.lifecycle.draining));
    response.status(result.added ? 201 : 200);
    return result;
  }

  @Get('jobs/:id/rescores')
  @ApiOperation({ summary: "The scores that were added to a job's candidates", operationId: 'listRescores' })
  @JsonResponse(200, rescorePageSchema, 'The added scores, the oldest first.')
  @ProblemResponses('not-found')
  async list(@Param({ schema: jobIdParamSchema }) { id }: { id: string }): Promise<{ data: Rescore[] }> {
    return { data: await this.rescores.list(id) };
  }
}

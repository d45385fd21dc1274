import { Body, Controller, Delete, Get, HttpCode, Param, Post, Res, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { jobIdParamSchema } from '@pentimento/api-contracts';
import {
  createInterventionSchema,
  forkJobSchema,
  interventionIdSchema,
  interventionPageSchema,
  interventionSchema,
  jobSchema,
  type CreateIntervention,
  type ForkJob,
  type Intervention,
  type Job,
} from '@pentimento/contracts';
import type { Response } from 'express';
import { z } from 'zod';
import { onlyMediaTypes } from '../http/media-types.guard.ts';
import { JsonResponse, ProblemResponses, settingsProblems } from '../openapi/responses.ts';
import { InterventionsService } from './interventions.service.ts';
import { JobForks } from './job-forks.ts';

const interventionParamSchema = z.strictObject({ id: interventionIdSchema });

interface IdParam {
  id: string;
}

@ApiTags('interventions')
@Controller('v1')
export class InterventionsController {
  constructor(
    private readonly interventions: InterventionsService,
    private readonly forks: JobForks,
  ) {}

  @Post('jobs/:id/interventions')
  @UseGuards(onlyMediaTypes('application/json'))
  @ApiOperation({
    summary: 'Steer a job: a region to fix or to lock, code by hand, another branch, or going on after its end',
    description:
      'It holds from the next round on; a round that has begun ends as it began. For an edit, and to continue, an ended job is queued again; after an edit it ends as it had ended.',
    operationId: 'createIntervention',
  })
  @JsonResponse(201, interventionSchema, 'The intervention.')
  @ProblemResponses('invalid-request', 'not-found', 'conflict', 'unsupported-media-type', ...settingsProblems)
  create(
    @Param({ schema: jobIdParamSchema }) { id }: IdParam,
    @Body({ schema: createInterventionSchema }) request: CreateIntervention,
  ): Promise<Intervention> {
    return this.interventions.create(id, request);
  }

  @Get('jobs/:id/interventions')
  @ApiOperation({
    summary: 'All interventions of a job, oldest first, with those that were withdrawn',
    operationId: 'listInterventions',
  })
  @JsonResponse(200, interventionPageSchema, 'The interventions, each with the iterations for which it holds.')
  @ProblemResponses('not-found')
  async list(@Param({ schema: jobIdParamSchema }) { id }: IdParam): Promise<{ data: Intervention[] }> {
    return { data: await this.interventions.list(id) };
  }

  @Delete('interventions/:id')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Withdraw an intervention',
    description: 'From the next round on it does not hold. It stays in the trajectory.',
    operationId: 'withdrawIntervention',
  })
  @ApiResponse({ status: 204, description: 'The intervention is withdrawn, or was before.' })
  @ProblemResponses('not-found', 'conflict')
  withdraw(@Param({ schema: interventionParamSchema }) { id }: IdParam): Promise<void> {
    return this.interventions.withdraw(id);
  }

  @Post('jobs/:id/fork')
  @HttpCode(202)
  @UseGuards(onlyMediaTypes('application/json'))
  @ApiOperation({
    summary: "Submit a job's target again, from a candidate's code or as the job itself began, with other settings",
    operationId: 'forkJob',
  })
  @JsonResponse(
    202,
    jobSchema,
    'The new job, queued. `forkedFrom` names where it comes from, and `Location` is its address.',
  )
  @ProblemResponses('invalid-request', 'not-found', 'conflict', 'unsupported-media-type', ...settingsProblems)
  async fork(
    @Param({ schema: jobIdParamSchema }) { id }: IdParam,
    @Body({ schema: forkJobSchema }) request: ForkJob,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Job> {
    const job = await this.forks.fork(id, request);
    response.location(job.links.self);
    return job;
  }
}

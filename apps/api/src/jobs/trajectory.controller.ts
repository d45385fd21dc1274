import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  candidatePageSchema,
  failedCallPageSchema,
  iterationPageSchema,
  jobIdParamSchema,
  tilesSchema,
} from '@pentimento/api-contracts';
import {
  candidateIdSchema,
  candidateSchema,
  iterationSchema,
  jobIdSchema,
  maxInteger,
  type Candidate,
  type FailedCall,
  type Iteration,
} from '@pentimento/contracts';
import { z } from 'zod';
import { JsonResponse, ProblemResponses } from '../openapi/responses.ts';
import { JobsService } from './jobs.service.ts';

const candidateParamSchema = z.strictObject({ id: candidateIdSchema });
const iterationParamSchema = z.strictObject({
  id: jobIdSchema,
  index: z.coerce.number().int().min(0).max(maxInteger),
});

@ApiTags('trajectories')
@Controller('v1')
export class TrajectoryController {
  constructor(private readonly jobs: JobsService) {}

  @Get('jobs/:id/iterations')
  @ApiOperation({ summary: "A job's finished iterations, in order", operationId: 'listIterations' })
  @JsonResponse(200, iterationPageSchema, 'The iterations with their candidates.')
  @ProblemResponses('not-found')
  async iterations(@Param({ schema: jobIdParamSchema }) { id }: { id: string }): Promise<{ data: Iteration[] }> {
    return { data: await this.jobs.iterations(id) };
  }

  @Get('jobs/:id/iterations/:index')
  @ApiOperation({ summary: 'One finished iteration', operationId: 'getIteration' })
  @JsonResponse(200, iterationSchema, 'The iteration with its candidates.')
  @ProblemResponses('not-found')
  iteration(
    @Param({ schema: iterationParamSchema }) { id, index }: z.infer<typeof iterationParamSchema>,
  ): Promise<Iteration> {
    return this.jobs.iteration(id, index);
  }

  @Get('jobs/:id/candidates')
  @ApiOperation({ summary: 'All candidates, also of the iteration in progress', operationId: 'listCandidates' })
  @JsonResponse(200, candidatePageSchema, 'The candidates by iteration and index.')
  @ProblemResponses('not-found')
  async candidates(@Param({ schema: jobIdParamSchema }) { id }: { id: string }): Promise<{ data: Candidate[] }> {
    return { data: await this.jobs.candidates(id) };
  }

  @Get('jobs/:id/failed-calls')
  @ApiOperation({ summary: 'The model calls that gave no reply, the oldest first', operationId: 'listFailedCalls' })
  @JsonResponse(200, failedCallPageSchema, 'The failed calls with what was asked and why each failed.')
  @ProblemResponses('not-found')
  async failedCalls(@Param({ schema: jobIdParamSchema }) { id }: { id: string }): Promise<{ data: FailedCall[] }> {
    return { data: await this.jobs.failedCalls(id) };
  }

  @Get('candidates/:id')
  @ApiOperation({ summary: 'One candidate', operationId: 'getCandidate' })
  @JsonResponse(200, candidateSchema, 'The candidate.')
  @ProblemResponses('not-found')
  candidate(@Param({ schema: candidateParamSchema }) { id }: { id: string }): Promise<Candidate> {
    return this.jobs.candidate(id);
  }

  @Get('candidates/:id/tiles')
  @ApiOperation({ summary: "A candidate's tile scores and score map", operationId: 'getTiles' })
  @JsonResponse(200, tilesSchema, 'The tiles; none where nothing rendered.')
  @ProblemResponses('not-found')
  async tiles(@Param({ schema: candidateParamSchema }) { id }: { id: string }): Promise<z.infer<typeof tilesSchema>> {
    const { reward } = await this.jobs.candidate(id);
    return { candidate: id, tiles: reward.tiles, map: reward.map };
  }
}

import { Body, Controller, Delete, Get, HttpCode, Param, Post, Res, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  environmentStateSchema,
  environmentTurnSchema,
  resetEnvironmentSchema,
  sessionParamSchema,
  stepEnvironmentSchema,
  type EnvironmentState,
  type EnvironmentTurn,
  type ResetEnvironment,
  type StepEnvironment,
} from '@pentimento/api-contracts';
import type { Response } from 'express';
import { onlyMediaTypes } from '../http/media-types.guard.ts';
import { requestAbort } from '../http/request-abort.ts';
import { JsonResponse, ProblemResponses, uploadProblems } from '../openapi/responses.ts';
import { Lifecycle } from '../runtime/lifecycle.ts';
import { EnvironmentsService } from './environments.service.ts';

interface SessionParams {
  id: string;
}

@ApiTags('environments')
@Controller('v1/environments/:id')
export class EnvironmentsController {
  constructor(
    private readonly environments: EnvironmentsService,
    private readonly lifecycle: Lifecycle,
  ) {}

  @Post('reset')
  @HttpCode(200)
  @UseGuards(onlyMediaTypes('application/json'))
  @ApiOperation({
    summary: 'Begin an episode with a task',
    description:
      'Ends the unfinished episode of the session. A request that got no answer may be sent again: it begins one more.',
    operationId: 'resetEnvironment',
  })
  @JsonResponse(200, environmentTurnSchema, 'The first prompt.')
  @ProblemResponses(
    ...uploadProblems,
    'conflict',
    'language-unknown',
    'language-unavailable',
    'strategy-unknown',
    'isolation-unavailable',
    'busy',
    'unavailable',
  )
  reset(
    @Param({ schema: sessionParamSchema }) { id }: SessionParams,
    @Body({ schema: resetEnvironmentSchema }) request: ResetEnvironment,
    @Res({ passthrough: true }) response: Response,
  ): Promise<EnvironmentTurn> {
    return this.environments.reset(id, request, this.abortOf(response));
  }

  @Post('step')
  @HttpCode(200)
  @UseGuards(onlyMediaTypes('application/json'))
  @ApiOperation({
    summary: 'Answer the open prompt',
    description:
      'A turn with the same reply may be sent any number of times, also after a failure: it is scored once, and the answer is the same.',
    operationId: 'stepEnvironment',
  })
  @JsonResponse(200, environmentTurnSchema, 'What became of the reply, and the next prompt or the end of the episode.')
  @ProblemResponses(
    'invalid-request',
    'not-found',
    'conflict',
    'request-too-large',
    'unsupported-media-type',
    'busy',
    'unavailable',
  )
  step(
    @Param({ schema: sessionParamSchema }) { id }: SessionParams,
    @Body({ schema: stepEnvironmentSchema }) step: StepEnvironment,
    @Res({ passthrough: true }) response: Response,
  ): Promise<EnvironmentTurn> {
    return this.environments.step(id, step, this.abortOf(response));
  }

  @Get()
  @ApiOperation({ summary: 'The state of a session, with its open prompt', operationId: 'getEnvironment' })
  @JsonResponse(200, environmentStateSchema, 'The newest episode.')
  @ProblemResponses('invalid-request', 'not-found', 'busy', 'unavailable')
  state(
    @Param({ schema: sessionParamSchema }) { id }: SessionParams,
    @Res({ passthrough: true }) response: Response,
  ): Promise<EnvironmentState> {
    return this.environments.state(id, this.abortOf(response));
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({
    summary: 'End a session',
    description: 'Ends its unfinished episode as canceled. What is recorded stays until its jobs are deleted.',
    operationId: 'endEnvironment',
  })
  @ApiResponse({ status: 204, description: 'No episode of the session is unfinished.' })
  @ProblemResponses('invalid-request', 'not-found')
  end(@Param({ schema: sessionParamSchema }) { id }: SessionParams): Promise<void> {
    return this.environments.end(id);
  }

  private abortOf(response: Response): AbortSignal {
    return requestAbort(response, this.lifecycle.draining);
  }
}

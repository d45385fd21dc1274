import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Post,
  Put,
  Query,
  Res,
  UploadedFiles,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { FileFieldsInterceptor } from '@nestjs/platform-express';
import { ApiConsumes, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { jobIdParamSchema } from '@pentimento/api-contracts';
import {
  createJobSchema,
  forecastAnswerSchema,
  jobPageSchema,
  jobSchema,
  listJobsSchema,
  setTagsSchema,
  uploadLimits,
  type CreateJob,
  type Forecast,
  type Job,
  type JobPage,
  type ListJobs,
  type SetTags,
} from '@pentimento/contracts';
import type { Response } from 'express';
import { z } from 'zod';
import { onlyMediaTypes } from '../http/media-types.guard.ts';
import { JsonResponse, ProblemResponses, settingsProblems, uploadProblems } from '../openapi/responses.ts';
import { JobSubmission } from './job-submission.ts';
import { JobsService } from './jobs.service.ts';
import { MultipartInterceptor } from './multipart.interceptor.ts';
import type { FormFiles } from './multipart.ts';

/** Without the component's name, so that OpenAPI shows each field as a parameter. */
const listQuerySchema = z.strictObject(listJobsSchema.shape);

interface JobParams {
  id: string;
}

const formFiles = FileFieldsInterceptor(
  [
    { name: 'target', maxCount: 1 },
    { name: 'request', maxCount: 1 },
    { name: 'code', maxCount: 1 },
  ],
  {
    limits: { fileSize: uploadLimits.bytes, fieldSize: 4 * uploadLimits.codeBytes, parts: 64 },
    defParamCharset: 'utf8',
  },
);

@ApiTags('jobs')
@Controller('v1/jobs')
export class JobsController {
  constructor(
    private readonly jobs: JobsService,
    private readonly submission: JobSubmission,
  ) {}

  @Post()
  @HttpCode(202)
  @UseGuards(onlyMediaTypes('application/json', 'multipart/form-data'))
  @UseInterceptors(formFiles, MultipartInterceptor)
  @ApiOperation({ summary: 'Submit a target image', operationId: 'createJob' })
  @ApiConsumes('application/json', 'multipart/form-data')
  @JsonResponse(202, jobSchema, 'The job, queued. `Location` is its address.')
  @ProblemResponses(...uploadProblems, ...settingsProblems)
  async create(
    @Body({ schema: createJobSchema }) request: CreateJob,
    @UploadedFiles() files: FormFiles | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Job> {
    const job = await this.submission.submit(request, files?.target?.[0]);
    response.location(job.links.self);
    return job;
  }

  @Get()
  @ApiOperation({ summary: 'List jobs, newest first', operationId: 'listJobs' })
  @JsonResponse(200, jobPageSchema, 'One page of jobs.')
  @ProblemResponses('invalid-request')
  list(@Query({ schema: listQuerySchema }) query: ListJobs): Promise<JobPage> {
    return this.jobs.list(query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Get a job', operationId: 'getJob' })
  @JsonResponse(200, jobSchema, 'The job.')
  @ProblemResponses('not-found')
  get(@Param({ schema: jobIdParamSchema }) { id }: JobParams): Promise<Job> {
    return this.jobs.get(id);
  }

  @Get(':id/forecast')
  @ApiOperation({
    summary: 'What another iteration is expected to bring',
    description:
      "By the job's last gains and by those of past jobs of the same model and language at the same iteration, each as a share of what was left to gain.",
    operationId: 'getForecast',
  })
  @JsonResponse(200, forecastAnswerSchema, 'The forecast.')
  @ProblemResponses('not-found')
  async forecast(@Param({ schema: jobIdParamSchema }) { id }: JobParams): Promise<{ forecast: Forecast | null }> {
    return { forecast: await this.jobs.forecast(id) };
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Delete a job with its iterations, candidates and events',
    description:
      'Works in every status: a worker that runs the job stops. Its images, code, prompts and replies are deleted later unless another job has the same ones.',
    operationId: 'deleteJob',
  })
  @ApiResponse({ status: 204, description: 'The job is deleted.' })
  @ProblemResponses('not-found')
  delete(@Param({ schema: jobIdParamSchema }) { id }: JobParams): Promise<void> {
    return this.jobs.delete(id);
  }

  @Post(':id/cancel')
  @ApiOperation({ summary: 'Cancel a job; finished iterations stay', operationId: 'cancelJob' })
  @JsonResponse(202, jobSchema, 'The job, canceled or canceling.')
  @JsonResponse(200, jobSchema, 'The job, unchanged: it had ended, or was being canceled.')
  @ProblemResponses('not-found')
  async cancel(
    @Param({ schema: jobIdParamSchema }) { id }: JobParams,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Job> {
    const { job, changed } = await this.jobs.cancel(id);
    response.status(changed ? 202 : 200);
    return job;
  }

  @Post(':id/retry')
  @HttpCode(202)
  @ApiOperation({ summary: 'Queue a failed or canceled job again, after its last iteration', operationId: 'retryJob' })
  @JsonResponse(202, jobSchema, 'The job, queued.')
  @ProblemResponses('not-found', 'conflict')
  retry(@Param({ schema: jobIdParamSchema }) { id }: JobParams): Promise<Job> {
    return this.jobs.retry(id);
  }

  @Put(':id/tags')
  @UseGuards(onlyMediaTypes('application/json'))
  @ApiOperation({ summary: 'Replace the tags of a job', operationId: 'setTags' })
  @JsonResponse(200, jobSchema, 'The job with the tags, each once and sorted.')
  @ProblemResponses('invalid-request', 'not-found', 'unsupported-media-type')
  setTags(
    @Param({ schema: jobIdParamSchema }) { id }: JobParams,
    @Body({ schema: setTagsSchema }) { tags }: SetTags,
  ): Promise<Job> {
    return this.jobs.setTags(id, tags);
  }
}

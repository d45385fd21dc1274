import {
  Body,
  Controller,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
  Res,
  UploadedFiles,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { FileFieldsInterceptor } from '@nestjs/platform-express';
import { ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  createJobSchema,
  jobIdParamSchema,
  jobPageSchema,
  jobSchema,
  listJobsSchema,
  uploadLimits,
  type CreateJob,
  type Job,
  type JobPage,
  type ListJobs,
} from '@pentimento/contracts';
import type { Response } from 'express';
import { z } from 'zod';
import type { Services } from '../composition/services.ts';
import { SERVICES } from '../composition/tokens.ts';
import { onlyMediaTypes } from '../http/media-types.guard.ts';
import { Answers, Problems } from '../openapi/answers.ts';
import { JobsService } from './jobs.service.ts';
import { MultipartInterceptor } from './multipart.interceptor.ts';
import type { FormFiles } from './multipart.ts';
import { Submission } from './submission.ts';

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
    @Inject(SERVICES) private readonly services: Services,
    private readonly jobs: JobsService,
    private readonly submission: Submission,
  ) {}

  @Post()
  @HttpCode(202)
  @UseGuards(onlyMediaTypes('application/json', 'multipart/form-data'))
  @UseInterceptors(formFiles, MultipartInterceptor)
  @ApiOperation({ summary: 'Submit a target image', operationId: 'createJob' })
  @ApiConsumes('application/json', 'multipart/form-data')
  @Answers(202, jobSchema, 'The job, queued. `Location` is its address.')
  @Problems(
    'invalid-request',
    'image-too-large',
    'request-too-large',
    'unsupported-image',
    'unsupported-media-type',
    'invalid-image',
    'language-unknown',
    'language-unavailable',
    'model-unknown',
    'model-not-ready',
    'isolation-unavailable',
  )
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
  @Answers(200, jobPageSchema, 'One page of jobs.')
  @Problems('invalid-request')
  list(@Query({ schema: listQuerySchema }) query: ListJobs): Promise<JobPage> {
    return this.services.store.listJobs(query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Get a job', operationId: 'getJob' })
  @Answers(200, jobSchema, 'The job.')
  @Problems('not-found')
  get(@Param({ schema: jobIdParamSchema }) { id }: JobParams): Promise<Job> {
    return this.jobs.get(id);
  }

  @Post(':id/cancel')
  @ApiOperation({ summary: 'Cancel a job; finished iterations stay', operationId: 'cancelJob' })
  @Answers(202, jobSchema, 'The job, canceled or canceling.')
  @Answers(200, jobSchema, 'The job, unchanged: it had ended, or was being canceled.')
  @Problems('not-found')
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
  @Answers(202, jobSchema, 'The job, queued.')
  @Problems('not-found', 'conflict')
  retry(@Param({ schema: jobIdParamSchema }) { id }: JobParams): Promise<Job> {
    return this.jobs.retry(id);
  }
}

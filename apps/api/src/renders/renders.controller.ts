import { Body, Controller, HttpCode, Inject, Post, Res, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  renderAnswerSchema,
  renderSubmissionSchema,
  type RenderAnswer,
  type RenderSubmission,
} from '@pentimento/api-contracts';
import type { RenderService } from '@pentimento/render';
import type { Response } from 'express';
import { onlyMediaTypes } from '../http/media-types.guard.ts';
import { ProblemException } from '../http/problem.exception.ts';
import { requestAbort } from '../http/request-abort.ts';
import { JsonResponse, ProblemResponses } from '../openapi/responses.ts';
import { LANGUAGES, type Languages } from '../runtime/languages.ts';
import { Lifecycle } from '../runtime/lifecycle.ts';
import { knownLanguage } from './known-language.ts';
import { RENDERERS } from './renderers.provider.ts';

/** Renders in progress and waiting, of all clients together. */
const maxPending = 64;
/** About what one render takes. */
const renderSeconds = 0.5;

@ApiTags('renders')
@Controller('v1/renders')
export class RendersController {
  private pending = 0;

  constructor(
    @Inject(LANGUAGES) private readonly languages: Languages,
    @Inject(RENDERERS) private readonly renderers: RenderService,
    private readonly lifecycle: Lifecycle,
  ) {}

  @Post()
  @HttpCode(200)
  @UseGuards(onlyMediaTypes('application/json'))
  @ApiOperation({ summary: 'Render code in the sandbox', operationId: 'createRender' })
  @JsonResponse(200, renderAnswerSchema, 'The image, or why the code renders none.')
  @ProblemResponses(
    'invalid-request',
    'request-too-large',
    'unsupported-media-type',
    'language-unknown',
    'busy',
    'unavailable',
  )
  async create(
    @Body({ schema: renderSubmissionSchema }) submission: RenderSubmission,
    @Res({ passthrough: true }) response: Response,
  ): Promise<RenderAnswer> {
    knownLanguage(this.languages, submission.language);
    if (this.pending >= maxPending) {
      const retryAfterSeconds = Math.ceil(maxPending * renderSeconds);
      throw new ProblemException('busy', `${maxPending} renders are waiting: send this one again later.`, {
        retryAfterSeconds,
      });
    }
    this.pending += 1;
    try {
      return await this.render(submission, requestAbort(response, this.lifecycle.draining));
    } finally {
      this.pending -= 1;
    }
  }

  /** Never trusted: the code may come from anyone. */
  private async render(submission: RenderSubmission, signal: AbortSignal): Promise<RenderAnswer> {
    const result = await this.renderers.render({ ...submission, trusted: false }, signal);
    if (result.status === 'failed') return result;
    return { ...result, image: Buffer.from(result.image).toString('base64') };
  }
}

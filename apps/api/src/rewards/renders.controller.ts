import { Body, Controller, HttpCode, Inject, Post, Res, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  renderAnswerSchema,
  renderSubmissionSchema,
  type RenderAnswer,
  type RenderSubmission,
} from '@pentimento/contracts';
import type { Response } from 'express';
import type { RewardServices } from '../composition/services.ts';
import { SERVICES } from '../composition/tokens.ts';
import { onlyMediaTypes } from '../http/media-types.guard.ts';
import { knownLanguage } from '../http/known-language.ts';
import { ProblemError } from '../http/problem.ts';
import { Answers, Problems } from '../openapi/answers.ts';
import { departure } from './departure.ts';

/** Renders under way and waiting, of all clients together. */
const places = 64;
/** About what one render takes. */
const renderSeconds = 0.5;

@ApiTags('renders')
@Controller('v1/renders')
export class RendersController {
  private taken = 0;

  constructor(@Inject(SERVICES) private readonly services: RewardServices) {}

  @Post()
  @HttpCode(200)
  @UseGuards(onlyMediaTypes('application/json'))
  @ApiOperation({ summary: 'Draw code in the sandbox', operationId: 'createRender' })
  @Answers(200, renderAnswerSchema, 'The image, or why the code draws none.')
  @Problems('invalid-request', 'request-too-large', 'unsupported-media-type', 'language-unknown', 'busy', 'unavailable')
  async create(
    @Body({ schema: renderSubmissionSchema }) submission: RenderSubmission,
    @Res({ passthrough: true }) response: Response,
  ): Promise<RenderAnswer> {
    knownLanguage(this.services.languages, submission.language);
    if (this.taken >= places) {
      const retryAfterSeconds = Math.ceil(places * renderSeconds);
      throw new ProblemError('busy', `${places} renders wait already: send this one again later.`, {
        retryAfterSeconds,
      });
    }
    this.taken += 1;
    try {
      return await this.draw(submission, departure(response, this.services.lifecycle.draining));
    } finally {
      this.taken -= 1;
    }
  }

  /** Never trusted: anybody's code may come here. */
  private async draw(submission: RenderSubmission, signal: AbortSignal): Promise<RenderAnswer> {
    const result = await this.services.renderers.render({ ...submission, trusted: false }, signal);
    if (result.status === 'failed') return result;
    return { ...result, image: Buffer.from(result.image).toString('base64') };
  }
}

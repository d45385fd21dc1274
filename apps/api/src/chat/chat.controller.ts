import { Body, Controller, HttpCode, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { chatCompletionSchema, chatRequestSchema, type ChatRequest } from '../protocols/chat-completion.ts';
import type { Request, Response } from 'express';
import { onlyMediaTypes } from '../http/media-types.guard.ts';
import { requestAbort } from '../http/request-abort.ts';
import { JsonResponse, ProblemResponses, uploadProblems } from '../openapi/responses.ts';
import { Lifecycle } from '../runtime/lifecycle.ts';
import { completionOf } from './chat-answer.ts';
import { ChatRunner } from './chat-runner.ts';
import { streamChat } from './chat-stream.ts';
import { ChatSubmission } from './chat-submission.ts';

/** Refinement for clients of OpenAI's API: a message with an image becomes a job, and its best code the reply. */
@ApiTags('compat')
@Controller('v1/chat/completions')
export class ChatController {
  constructor(
    private readonly submission: ChatSubmission,
    private readonly runner: ChatRunner,
    private readonly lifecycle: Lifecycle,
  ) {}

  @Post()
  @HttpCode(200)
  @UseGuards(onlyMediaTypes('application/json'))
  @ApiOperation({
    summary: "Refine the image of a message, in the form of OpenAI's chat completions",
    description:
      'With `stream`, `chat.completion.chunk` events: progress as `reasoning_content`, the best code as `content`. A client that disconnects cancels the job. Problems have the member `error` as clients of OpenAI read it.',
    operationId: 'createChatCompletion',
  })
  @ApiProduces('application/json', 'text/event-stream')
  @JsonResponse(200, chatCompletionSchema, 'The best code of the job, in one fenced block.')
  @ProblemResponses(
    ...uploadProblems,
    'language-unknown',
    'language-unavailable',
    'model-not-ready',
    'strategy-unknown',
    'isolation-unavailable',
    'job-failed',
    'not-found',
    'busy',
    'unavailable',
  )
  async create(
    @Body({ schema: chatRequestSchema }) body: ChatRequest,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const signal = requestAbort(response, this.lifecycle.draining);
    const job = await this.submission.submit(body);
    // The images are stored by now, and the request may stay open for hours.
    body.messages.length = 0;
    request.body = undefined;
    // A client that asked again by itself would pay for a second job. OpenAI's clients read this.
    response.setHeader('X-Should-Retry', 'false');
    const origin = `${request.protocol}://${request.headers.host}`;
    if (body.stream) return streamChat({ runner: this.runner, request: body, job, origin, response, signal });
    const ended = await this.runner.follow(job, signal);
    if (!ended) return;
    const content = await this.runner.content(ended);
    response.json(completionOf({ job: ended, model: body.model, content, origin }));
  }
}

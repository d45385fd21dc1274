import { Controller, Get, Headers, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { jobIdParamSchema } from '@pentimento/api-contracts';
import { isFinal, jobEventSchema, maxInteger, partialRepliesEvent } from '@pentimento/contracts';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Store } from '@pentimento/store';
import { STORE } from '../database/store.provider.ts';
import { fieldProblem } from '../http/problem.exception.ts';
import { JsonResponse, ProblemResponses } from '../openapi/responses.ts';
import { Lifecycle } from '../runtime/lifecycle.ts';
import { streamEvents } from './event-stream.ts';
import { JobsService } from './jobs.service.ts';

const sequenceSchema = z.coerce.number('must be a sequence number').int().min(0).max(maxInteger);
const querySchema = z.strictObject({
  after: sequenceSchema.optional().describe('Only events after this sequence number.'),
  partialReplies: z
    .enum(['true', 'false'])
    .optional()
    .describe(`true: the stream also has events \`${partialRepliesEvent}\`, without an id.`),
  format: z.enum(['sse', 'json']).optional().describe('json: what is stored by now, as an array.'),
});

function lastEventId(header: string | undefined): number | undefined {
  if (header === undefined || header === '') return undefined;
  const parsed = sequenceSchema.safeParse(header);
  if (parsed.success) return parsed.data;
  throw fieldProblem('invalid-request', '', 'The header Last-Event-ID must be a sequence number.');
}

const wantsJson = (request: Request): boolean =>
  request.accepts(['text/event-stream', 'application/json']) === 'application/json';

@ApiTags('jobs')
@Controller('v1/jobs/:id/events')
export class EventsController {
  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly lifecycle: Lifecycle,
    private readonly jobs: JobsService,
  ) {}

  @Get()
  @ApiOperation({
    summary: "A job's events: the stored ones, then live ones, until the job has ended",
    description:
      'Server-sent events: `id` is the sequence number, `event` the type, `data` the event. After the last event of an ended job comes `event: done`; a client that comes back after it gets 204. With `partialReplies=true` an event `partial-replies` has the replies that models are writing, whenever they change: `{"replies": [PartialReplyUpdate]}`, all of them, each with what follows the text that the connection has sent before. They are no events of the job, and are gone once their calls have ended.',
    operationId: 'tailEvents',
  })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'Only events after this sequence number.' })
  @ApiProduces('text/event-stream', 'application/json')
  @JsonResponse(200, z.array(jobEventSchema), 'The events.')
  @ProblemResponses('invalid-request', 'not-found')
  async events(
    @Param({ schema: jobIdParamSchema }) { id }: { id: string },
    @Query({ schema: querySchema }) query: z.infer<typeof querySchema>,
    @Headers('last-event-id') header: string | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const job = await this.jobs.get(id);
    const after = lastEventId(header) ?? query.after ?? 0;
    if (query.format === 'json' || (!query.format && wantsJson(request))) {
      response.json(await this.store.listEvents(id, after));
      return;
    }
    if (isFinal(job.status) && (await this.store.listEvents(id, after, 1)).length === 0) {
      response.status(204).end();
      return;
    }
    await streamEvents({
      ...{ store: this.store, jobId: id, after, response, draining: this.lifecycle.draining },
      withPartialReplies: query.partialReplies === 'true',
    });
  }
}

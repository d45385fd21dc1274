import { Body, Controller, Get, HttpCode, Inject, Post, Query, Res, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  pruneRequestSchema,
  pruneResultSchema,
  storageQuerySchema,
  storageSchema,
  type PruneRequest,
  type PruneResult,
  type Retention,
  type Storage,
  type StorageQuery,
} from '@pentimento/contracts';
import { ForeignBlobStoreError, type Store } from '@pentimento/store';
import type { Response } from 'express';
import { z } from 'zod';
import { STORE } from '../database/store.provider.ts';
import { onlyMediaTypes } from '../http/media-types.guard.ts';
import { ProblemException } from '../http/problem.exception.ts';
import { requestAbort } from '../http/request-abort.ts';
import { JsonResponse, ProblemResponses } from '../openapi/responses.ts';
import { Lifecycle } from '../runtime/lifecycle.ts';
import { SETTINGS, type Settings } from '../settings/settings.ts';

/** Without the component's name, so that OpenAPI shows each field as a parameter. */
const querySchema = z.strictObject(storageQuerySchema.shape);

@ApiTags('storage')
@Controller('v1/storage')
export class StorageController {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(STORE) private readonly store: Store,
    private readonly lifecycle: Lifecycle,
  ) {}

  @Get()
  @ApiOperation({ summary: 'How much is stored, and what pruning would delete now', operationId: 'getStorage' })
  @JsonResponse(200, storageSchema, 'The amounts. Nothing is deleted.')
  @ProblemResponses('invalid-request', 'unavailable')
  async get(@Query({ schema: querySchema }) query: StorageQuery): Promise<Storage> {
    const { graceMs } = this.settings.storage;
    const described = await this.store.describeStorage({ retention: this.retention(query), graceMs });
    const strayFiles = query.strayFiles === 'true' ? await this.store.findStrayFiles({ graceMs, dryRun: true }) : null;
    return { ...described, strayFiles };
  }

  @Post('prune')
  @HttpCode(200)
  @UseGuards(onlyMediaTypes('application/json'))
  @ApiOperation({
    summary: 'Delete ended jobs beyond the retention, and blobs that no job names',
    description: 'By the settings of the server, or by the limits of the request. GET /v1/storage is the dry run.',
    operationId: 'pruneStorage',
  })
  @JsonResponse(200, pruneResultSchema, 'What was deleted.')
  @ProblemResponses('invalid-request', 'conflict', 'unsupported-media-type', 'unavailable')
  async prune(
    @Body({ schema: pruneRequestSchema }) request: PruneRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<PruneResult> {
    const { graceMs } = this.settings.storage;
    const signal = requestAbort(response, this.lifecycle.draining);
    const deleted = await this.store.prune({ retention: this.retention(request), graceMs, signal });
    if (!deleted) throw new ProblemException('conflict', 'Another process is pruning now; try again when it is done.');
    return { deleted, strayFiles: request.strayFiles ? await this.deleteStrayFiles(graceMs) : null };
  }

  private async deleteStrayFiles(graceMs: number) {
    try {
      return await this.store.findStrayFiles({ graceMs, dryRun: false });
    } catch (error) {
      if (error instanceof ForeignBlobStoreError) throw new ProblemException('conflict', error.message);
      throw error;
    }
  }

  /** The settings, with the limits of the request in their place. */
  private retention({ maxAgeDays, maxJobs }: Partial<Retention>): Retention {
    const { retention } = this.settings.storage;
    return { maxAgeDays: maxAgeDays ?? retention.maxAgeDays, maxJobs: maxJobs ?? retention.maxJobs };
  }
}

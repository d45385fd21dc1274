import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Res, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  createExportSchema,
  exportFormatPageSchema,
  exportIdParamSchema,
  exportPageSchema,
  exportPreviewSchema,
  exportSchema,
  listExportsSchema,
  previewExportSchema,
  type CreateExport,
  type Export,
  type ExportFormat,
  type ExportPage,
  type ExportPreview,
  type ListExports,
  type PreviewExport,
} from '@pentimento/contracts';
import { traceExporters } from '@pentimento/trace-formats';
import type { Response } from 'express';
import { z } from 'zod';
import { onlyMediaTypes } from '../http/media-types.guard.ts';
import { requestAbort } from '../http/request-abort.ts';
import { JsonResponse, ProblemResponses } from '../openapi/responses.ts';
import { Lifecycle } from '../runtime/lifecycle.ts';
import { ExportPreviews } from './export-preview.ts';
import { ExportsService } from './exports.service.ts';

/** Without the component's name, so that OpenAPI shows each field as a parameter. */
const listQuerySchema = z.strictObject(listExportsSchema.shape);

interface ExportParams {
  id: string;
}

@ApiTags('exports')
@Controller('v1/exports')
export class ExportsController {
  constructor(
    private readonly exports: ExportsService,
    private readonly previews: ExportPreviews,
    private readonly lifecycle: Lifecycle,
  ) {}

  @Get('formats')
  @ApiOperation({ summary: 'The formats in which trajectories are exported', operationId: 'listExportFormats' })
  @JsonResponse(200, exportFormatPageSchema, 'The formats.')
  formats(): { data: ExportFormat[] } {
    return { data: traceExporters.map(({ id, title, description, unit }) => ({ id, title, description, unit })) };
  }

  @Post()
  @HttpCode(202)
  @UseGuards(onlyMediaTypes('application/json'))
  @ApiOperation({
    summary: 'Export the trajectories of jobs that have ended',
    description:
      'A version of a dataset: it reads what has ended by now, and never changes once it has succeeded, whatever becomes of the jobs. Follow it with `GET /v1/exports/{id}`.',
    operationId: 'createExport',
  })
  @JsonResponse(202, exportSchema, 'The export, queued. `Location` is its address.')
  @ProblemResponses('invalid-request', 'unsupported-media-type', 'format-unknown', 'language-unknown')
  async create(
    @Body({ schema: createExportSchema }) request: CreateExport,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Export> {
    const created = await this.exports.create(request);
    response.location(created.links.self);
    return created;
  }

  @Post('preview')
  @HttpCode(200)
  @UseGuards(onlyMediaTypes('application/json'))
  @ApiOperation({
    summary: 'Count what a filter selects, and show the first rows of an export of it',
    description: 'Nothing is stored. It ends after 5 seconds, 4 MiB of rows or 100 drops with what it has by then.',
    operationId: 'previewExport',
  })
  @JsonResponse(200, exportPreviewSchema, 'The counts, rows and drops.')
  @ProblemResponses('invalid-request', 'unsupported-media-type', 'format-unknown', 'language-unknown')
  preview(
    @Body({ schema: previewExportSchema }) request: PreviewExport,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ExportPreview> {
    this.exports.validate(request);
    return this.previews.preview(request, requestAbort(response, this.lifecycle.draining));
  }

  @Get()
  @ApiOperation({ summary: 'List exports, newest first', operationId: 'listExports' })
  @JsonResponse(200, exportPageSchema, 'One page of exports.')
  @ProblemResponses('invalid-request')
  list(@Query({ schema: listQuerySchema }) query: ListExports): Promise<ExportPage> {
    return this.exports.list(query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Get an export with its progress', operationId: 'getExport' })
  @JsonResponse(200, exportSchema, 'The export.')
  @ProblemResponses('not-found')
  get(@Param({ schema: exportIdParamSchema }) { id }: ExportParams): Promise<Export> {
    return this.exports.get(id);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Delete an export with its files',
    description: 'Works in every status: a worker that makes the export stops. Its bytes are deleted later.',
    operationId: 'deleteExport',
  })
  @ApiResponse({ status: 204, description: 'The export is deleted.' })
  @ProblemResponses('not-found')
  delete(@Param({ schema: exportIdParamSchema }) { id }: ExportParams): Promise<void> {
    return this.exports.delete(id);
  }

  @Post(':id/cancel')
  @ApiOperation({ summary: 'Cancel an export; nothing of it is kept', operationId: 'cancelExport' })
  @JsonResponse(202, exportSchema, 'The export, canceled or canceling.')
  @JsonResponse(200, exportSchema, 'The export, unchanged: it had ended, or was being canceled.')
  @ProblemResponses('not-found')
  async cancel(
    @Param({ schema: exportIdParamSchema }) { id }: ExportParams,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Export> {
    const { changed, export: found } = await this.exports.cancel(id);
    response.status(changed ? 202 : 200);
    return found;
  }

  @Post(':id/retry')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Queue a failed or canceled export again',
    description: 'It is made from the start, of the jobs that had ended when it was created.',
    operationId: 'retryExport',
  })
  @JsonResponse(202, exportSchema, 'The export, queued.')
  @ProblemResponses('not-found', 'conflict')
  retry(@Param({ schema: exportIdParamSchema }) { id }: ExportParams): Promise<Export> {
    return this.exports.retry(id);
  }
}

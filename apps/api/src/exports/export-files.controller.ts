import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiParam, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  exportFilePageSchema,
  exportIdParamSchema,
  exportIdSchema,
  listExportFilesSchema,
  type ExportFile,
  type ExportFilePage,
  type ListExportFiles,
} from '@pentimento/contracts';
import type { Store } from '@pentimento/store';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { STORE } from '../database/store.provider.ts';
import { ProblemException } from '../http/problem.exception.ts';
import { JsonResponse, ProblemResponses } from '../openapi/responses.ts';
import { byteRange } from './byte-range.ts';
import { archiveOf } from './export-archive.ts';
import { ExportsService } from './exports.service.ts';
import { mediaTypeOf } from './media-type.ts';

const listQuerySchema = z.strictObject(listExportFilesSchema.shape);
/** Express gives the segments of a wildcard. */
const fileParamSchema = z.strictObject({
  id: exportIdSchema,
  path: z.array(z.string()).transform((segments) => segments.join('/')),
});

/** A file of an export never changes while it is there. */
const immutable = 'private, max-age=31536000, immutable';
/** A file that is opened as a page runs nothing and loads nothing. */
const inert = "default-src 'none'; sandbox";

@ApiTags('exports')
@Controller('v1/exports/:id')
export class ExportFilesController {
  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly exports: ExportsService,
  ) {}

  @Get('files')
  @ApiOperation({ summary: 'The files of an export that has succeeded, by path', operationId: 'listExportFiles' })
  @JsonResponse(200, exportFilePageSchema, 'One page of files.')
  @ProblemResponses('invalid-request', 'not-found', 'conflict')
  files(
    @Param({ schema: exportIdParamSchema }) { id }: { id: string },
    @Query({ schema: listQuerySchema }) query: ListExportFiles,
  ): Promise<ExportFilePage> {
    return this.exports.files(id, query);
  }

  @Get('files/*path')
  @ApiOperation({ summary: 'A file of an export, or a part of it', operationId: 'getExportFile' })
  @ApiParam({ name: 'path', description: 'With its slashes.', schema: { type: 'string' } })
  @ApiHeader({ name: 'Range', required: false, description: 'One part of the file, e.g. `bytes=1000-`.' })
  @ApiProduces('application/octet-stream')
  @ApiResponse({ status: 200, description: 'The bytes. `ETag` is their SHA-256.' })
  @ApiResponse({ status: 206, description: 'The part of them that was asked for.' })
  @ApiResponse({ status: 304, description: 'The client has them.' })
  @ProblemResponses('not-found', 'conflict', 'range-not-satisfiable')
  async file(
    @Param({ schema: fileParamSchema }) { id, path }: { id: string; path: string },
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const file = await this.exports.file(id, path);
    const etag = `"${file.sha256}"`;
    response.attachment(basename(path)).set({
      ETag: etag,
      'Cache-Control': immutable,
      'Content-Security-Policy': inert,
      'Content-Type': mediaTypeOf(path),
    });
    if (request.headers['if-none-match'] === etag) {
      response.status(304).end();
      return;
    }
    const range = byteRange(request, response, { bytes: file.bytes, etag });
    if (request.method === 'HEAD') response.end();
    else await send(await this.open(file, range), response);
  }

  @Get('archive')
  @ApiOperation({ summary: 'All files of an export as one tar', operationId: 'getExportArchive' })
  @ApiProduces('application/x-tar')
  @ApiResponse({ status: 200, description: 'The archive, which breaks off where a file cannot be read.' })
  @ProblemResponses('not-found', 'conflict')
  async archive(
    @Param({ schema: exportIdParamSchema }) { id }: { id: string },
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const found = await this.exports.whole(id);
    response.attachment(`${id}.tar`).type('application/x-tar');
    const source = { files: () => this.allFiles(id), open: (file: ExportFile) => this.open(file) };
    if (request.method === 'HEAD') response.end();
    else await send(archiveOf(found, source), response);
  }

  private async *allFiles(id: string): AsyncGenerator<ExportFile> {
    for (let cursor: string | undefined | null; cursor !== null;) {
      const page: ExportFilePage = await this.store.exports.listFiles(id, { limit: 1000, cursor });
      yield* page.data;
      cursor = page.nextCursor;
    }
  }

  private async open({ path, sha256 }: ExportFile, range?: { start: number; end: number }): Promise<Readable> {
    const content = await this.store.blobs.getStream(sha256, range);
    if (content) return content;
    const detail = `The bytes of ${path} are gone: restore the blob store from a backup, or export again.`;
    throw new ProblemException('not-found', detail);
  }
}

/** A client that disconnects ends the sending, and so does a file that cannot be read. */
async function send(content: NodeJS.ReadableStream, response: Response): Promise<void> {
  await pipeline(content, response).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
}

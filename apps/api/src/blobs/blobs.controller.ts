import {
  Controller,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
  Req,
  Res,
  UploadedFile,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import { ApiConsumes, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import { blobSchema } from '@pentimento/api-contracts';
import { blobIdSchema, thumbnailWidths, uploadLimits, type ThumbnailWidth } from '@pentimento/contracts';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Store } from '@pentimento/store';
import { STORE } from '../database/store.provider.ts';
import { onlyMediaTypes } from '../http/media-types.guard.ts';
import { fieldProblem, notFound, ProblemException } from '../http/problem.exception.ts';
import { JsonResponse, ProblemResponses, uploadProblems } from '../openapi/responses.ts';
import { TargetNormalizer } from '../uploads/target-normalizer.ts';
import { safeContentType } from './content-type.ts';
import { Thumbnails, type ThumbnailFormat } from './thumbnails.ts';

const paramSchema = z.strictObject({ id: blobIdSchema });
const querySchema = z.strictObject({
  w: z
    .enum(thumbnailWidths.map(String), `must be one of ${thumbnailWidths.join(', ')}`)
    .optional()
    .describe('Width of a thumbnail in pixels; images only, never scaled up.'),
});

const file = FileInterceptor('file', { limits: { fileSize: uploadLimits.bytes, parts: 4 } });

/** Blobs are named by their content, so a response never changes. */
const immutable = 'public, max-age=31536000, immutable';
/** A blob that is opened as a page runs nothing and loads nothing. */
const inert = "default-src 'none'; sandbox";

@ApiTags('blobs')
@Controller('v1/blobs')
export class BlobsController {
  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly normalizer: TargetNormalizer,
    private readonly thumbnails: Thumbnails,
  ) {}

  @Post()
  @HttpCode(201)
  @UseGuards(onlyMediaTypes('image/*', 'application/octet-stream', 'multipart/form-data'))
  @UseInterceptors(file)
  @ApiOperation({ summary: 'Store an image to be a target', operationId: 'putBlob' })
  @ApiConsumes(...uploadLimits.types, 'multipart/form-data')
  @JsonResponse(201, blobSchema, 'The blob.')
  @ProblemResponses(...uploadProblems)
  async put(
    @Req() request: Request,
    @UploadedFile() upload: Pick<Express.Multer.File, 'buffer'> | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<z.infer<typeof blobSchema>> {
    const body: unknown = upload?.buffer ?? request.body;
    if (!(body instanceof Uint8Array)) {
      throw fieldProblem('invalid-request', '/file', 'Send the image as the body, or as the file "file" of a form.');
    }
    const { bytes, type } = await this.normalizer.normalize(body);
    const id = await this.store.blobs.put(bytes, type);
    response.location(`/v1/blobs/${id}`);
    return { id, mediaType: type, bytes: bytes.byteLength };
  }

  @Get(':id')
  @ApiOperation({ summary: 'The bytes of a blob, or a thumbnail of an image', operationId: 'getBlob' })
  @ApiProduces('application/octet-stream')
  @ApiResponse({ status: 200, description: 'The bytes. They never change.' })
  @ApiResponse({ status: 304, description: 'The client has them.' })
  @ProblemResponses('invalid-request', 'not-found')
  async get(
    @Param({ schema: paramSchema }) { id }: { id: string },
    @Query({ schema: querySchema }) { w }: z.infer<typeof querySchema>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const found = await this.store.blobs.stat(id);
    if (!found) throw notFound('blob');
    const format = w === undefined ? undefined : thumbnailFormat(request);
    const etag = `"${id}${format ? `-${w}-${format}` : ''}"`;
    response.set({
      ETag: etag,
      'Cache-Control': immutable,
      'Content-Security-Policy': inert,
      'Content-Type': format ? `image/${format}` : safeContentType(found.mediaType),
    });
    if (format) response.vary('Accept');
    if (request.headers['if-none-match']?.includes(etag)) {
      response.status(304).end();
      return;
    }
    if (!format) response.end(await this.bytes(id));
    else response.end(await this.thumbnail(id, found.mediaType, Number(w) as ThumbnailWidth, format));
  }

  private async bytes(id: string): Promise<Uint8Array> {
    return (await this.store.blobs.get(id)) ?? Promise.reject(notFound('blob'));
  }

  private thumbnail(
    id: string,
    mediaType: string,
    width: ThumbnailWidth,
    format: ThumbnailFormat,
  ): Promise<Uint8Array> {
    if (!mediaType.startsWith('image/'))
      throw new ProblemException('invalid-request', 'Only images have thumbnails; leave "w" out.');
    return this.thumbnails.get({ id, width, format }, () => this.bytes(id));
  }
}

const thumbnailFormat = (request: Request): ThumbnailFormat =>
  request.headers.accept?.includes('image/webp') ? 'webp' : 'png';

import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { uploadLimits, type BlobId, type ThumbnailWidth } from '@pentimento/contracts';
import pLimit from 'p-limit';
import sharp from 'sharp';
import writeFileAtomic from 'write-file-atomic';
import { SETTINGS, type Settings } from '../settings/settings.ts';

export type ThumbnailFormat = 'webp' | 'png';

const webpQuality = 85;
const maxConcurrent = 2;

interface ThumbnailRequest {
  id: BlobId;
  width: ThumbnailWidth;
  format: ThumbnailFormat;
}

/** Images scaled down, each made once and cached on disk. The files can be deleted at any time. */
@Injectable()
export class Thumbnails {
  private readonly limit = pLimit(maxConcurrent);
  private readonly pending = new Map<string, Promise<Uint8Array>>();
  private readonly folder: string;

  constructor(@Inject(SETTINGS) { folders }: Pick<Settings, 'folders'>) {
    this.folder = folders.thumbnails;
  }

  /** The thumbnail, never wider than the image. Rejects where `original` gives bytes that are no image. */
  async get(request: ThumbnailRequest, original: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const path = join(this.folder, request.id.slice(0, 2), `${request.id}-${request.width}.${request.format}`);
    const cached = await readFile(path).catch(() => undefined);
    if (cached) return cached;
    const pending = this.pending.get(path);
    if (pending) return pending;
    const made = this.limit(() => this.make(path, request, original)).finally(() => this.pending.delete(path));
    this.pending.set(path, made);
    return made;
  }

  private async make(
    path: string,
    { width, format }: ThumbnailRequest,
    original: () => Promise<Uint8Array>,
  ): Promise<Uint8Array> {
    const image = sharp(await original(), { limitInputPixels: uploadLimits.pixels }).resize({
      width,
      withoutEnlargement: true,
    });
    const bytes = await (format === 'webp' ? image.webp({ quality: webpQuality }) : image.png()).toBuffer();
    await mkdir(dirname(path), { recursive: true });
    await writeFileAtomic(path, bytes, { fsync: false });
    return bytes;
  }
}

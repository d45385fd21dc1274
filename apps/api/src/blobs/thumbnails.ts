import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { uploadLimits, type BlobId, type ThumbnailWidth } from '@pentimento/contracts';
import sharp from 'sharp';
import { Slots } from '../intake/slots.ts';

export type ThumbnailFormat = 'webp' | 'png';

const webpQuality = 85;
const madeAtOnce = 2;

interface Wanted {
  id: BlobId;
  width: ThumbnailWidth;
  format: ThumbnailFormat;
}

/** Images scaled down, each made once and kept on disk. They can be thrown away at any time. */
export class Thumbnails {
  private readonly slots = new Slots(madeAtOnce);
  private readonly making = new Map<string, Promise<Uint8Array>>();
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** The thumbnail, never wider than the image. Rejects where `original` gives bytes that are no image. */
  async get(wanted: Wanted, original: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const path = join(this.folder, wanted.id.slice(0, 2), `${wanted.id}-${wanted.width}.${wanted.format}`);
    const kept = await readFile(path).catch(() => undefined);
    if (kept) return kept;
    const underWay = this.making.get(path);
    if (underWay) return underWay;
    const making = this.slots.run(() => this.make(path, wanted, original)).finally(() => this.making.delete(path));
    this.making.set(path, making);
    return making;
  }

  private async make(
    path: string,
    { width, format }: Wanted,
    original: () => Promise<Uint8Array>,
  ): Promise<Uint8Array> {
    const image = sharp(await original(), { limitInputPixels: uploadLimits.pixels }).resize({
      width,
      withoutEnlargement: true,
    });
    const bytes = await (format === 'webp' ? image.webp({ quality: webpQuality }) : image.png()).toBuffer();
    await mkdir(join(path, '..'), { recursive: true });
    const partial = `${path}.${randomUUID()}.partial`;
    await writeFile(partial, bytes);
    await rename(partial, path);
    return bytes;
  }
}

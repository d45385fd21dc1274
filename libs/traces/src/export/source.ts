import { promptSchema, tokenRecordSchema, type BlobId, type Prompt, type TokenRecord } from '@pentimento/contracts';
import type { ZodType } from 'zod';
import type { ExportImage } from '../images/export-image.ts';
import { readPngHeader } from '../images/png-header.ts';
import { TraceError } from './drops.ts';

/** The bytes of a blob, or null where it is gone. */
export type ReadBlob = (id: BlobId) => Promise<Uint8Array | null>;

/** The blobs of one trace, read and checked. Each method throws a TraceError for a blob that is gone or wrong. */
export class TraceSource {
  readonly #read: ReadBlob;
  /** Rows of a trace share their images, the target in each: one copy of each is held. */
  readonly #images = new Map<BlobId, Promise<ExportImage>>();

  constructor(read: ReadBlob) {
    this.#read = read;
  }

  async bytes(id: BlobId): Promise<Uint8Array> {
    const bytes = await this.#read(id);
    if (!bytes) throw new TraceError('missing_blob', `The blob ${id} is gone.`);
    return bytes;
  }

  async text(id: BlobId): Promise<string> {
    return new TextDecoder().decode(await this.bytes(id));
  }

  image(id: BlobId): Promise<ExportImage> {
    const image = this.#images.get(id) ?? this.#readImage(id);
    this.#images.set(id, image);
    return image;
  }

  prompt(id: BlobId): Promise<Prompt> {
    return this.#json(id, promptSchema);
  }

  tokens(id: BlobId): Promise<TokenRecord> {
    return this.#json(id, tokenRecordSchema);
  }

  async #readImage(id: BlobId): Promise<ExportImage> {
    const png = await this.bytes(id);
    const header = readPngHeader(png);
    if (!header) throw new TraceError('invalid_image', `The blob ${id} is not an opaque PNG.`);
    return { id, png, ...header };
  }

  async #json<T>(id: BlobId, schema: ZodType<T>): Promise<T> {
    const text = await this.text(id);
    try {
      return schema.parse(JSON.parse(text));
    } catch {
      throw new TraceError('malformed', `The blob ${id} does not hold what its call says.`);
    }
  }
}

import { Readable } from 'node:stream';
import type { BlobId } from '@pentimento/contracts';
import { BlobNotFoundError, checkedId, verified } from '../blob-store.ts';
import type { BlobStore, ByteRange, StoredBlob } from '../blob-store.ts';

/** Blobs in memory: for tests, and to show how little an implementation needs. */
export class MemoryBlobStore implements BlobStore {
  readonly #blobs: Map<BlobId, { content: Buffer; modifiedAt: Date }>;

  /** Two stores over the same map are like two processes over the same blobs. */
  constructor(blobs = new Map<BlobId, { content: Buffer; modifiedAt: Date }>()) {
    this.#blobs = blobs;
  }

  async put(id: BlobId, content: AsyncIterable<Uint8Array>): Promise<void> {
    checkedId(id);
    const chunks: Uint8Array[] = [];
    for await (const chunk of verified(id, content)) chunks.push(chunk);
    if (!this.#blobs.has(id)) this.#blobs.set(id, { content: Buffer.concat(chunks), modifiedAt: new Date() });
  }

  async get(id: BlobId, range?: ByteRange): Promise<Readable> {
    const blob = this.#blobs.get(checkedId(id));
    if (!blob) throw new BlobNotFoundError(id);
    return Readable.from([range ? blob.content.subarray(range.start, range.end + 1) : blob.content]);
  }

  async has(id: BlobId): Promise<boolean> {
    return this.#blobs.has(checkedId(id));
  }

  async delete(id: BlobId): Promise<void> {
    this.#blobs.delete(checkedId(id));
  }

  async *list(): AsyncGenerator<StoredBlob> {
    for (const [id, { content, modifiedAt }] of this.#blobs) yield { id, bytes: content.byteLength, modifiedAt };
  }

  async clean(): Promise<void> {}
}

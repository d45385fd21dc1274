import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { BlobId } from '@pentimento/contracts';

/** A blob as a listing has it. */
export interface StoredBlob {
  id: BlobId;
  bytes: number;
  /** When its bytes were written. */
  modifiedAt: Date;
}

/** Bytes of a blob by their positions: both are in it, and inside the blob. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * Keeps bytes under their SHA-256, in lower-case hex. Any number of processes may use one at the same time. The rows that
 * say what a blob is and when it may be deleted are not its concern (libs/store).
 *
 * To add one: a file that passes testing/blob-store-contract.ts, and a line in open-blob-store.ts.
 */
export interface BlobStore {
  /**
   * Stores the content unless it is stored already. It becomes visible as a whole, once it is safe on disk, or not at all.
   * @throws BlobMismatchError if the SHA-256 of the content is not `id`; then nothing is stored.
   */
  put(id: BlobId, content: AsyncIterable<Uint8Array>): Promise<void>;
  /** All of the content, or the bytes of `range`. @throws BlobNotFoundError if there is no such blob. */
  get(id: BlobId, range?: ByteRange): Promise<Readable>;
  has(id: BlobId): Promise<boolean>;
  /** Idempotent. */
  delete(id: BlobId): Promise<void>;
  /** All blobs, in any order. A blob that is put or deleted during the listing may be in it or not. */
  list(): AsyncIterable<StoredBlob>;
  /** Removes what interrupted writes left behind before `olderThan`. Does not touch blobs. */
  clean(olderThan: Date): Promise<void>;
}

export class BlobNotFoundError extends Error {
  override readonly name = 'BlobNotFoundError';
  readonly id: BlobId;

  constructor(id: BlobId) {
    super(`The blob ${id} is not stored: restore the blob store from a backup, or store the blob again.`);
    this.id = id;
  }
}

export class BlobMismatchError extends Error {
  override readonly name = 'BlobMismatchError';

  constructor(id: BlobId, found: string) {
    super(
      `The bytes of the blob ${id} have the SHA-256 ${found}: restore the blob from a backup, or delete and store it again.`,
    );
  }
}

export const sha256 = (bytes: Uint8Array): BlobId => createHash('sha256').update(bytes).digest('hex');

const idPattern = /^[0-9a-f]{64}$/;

export const isBlobId = (text: string): boolean => idPattern.test(text);

/** The id, for use in a path or key. Throws for any other text. */
export function checkedId(id: string): BlobId {
  if (isBlobId(id)) return id;
  throw new Error('A blob id is 64 lower-case hex digits (SHA-256).');
}

/** Passes the content on, and throws a BlobMismatchError at its end if its SHA-256 is not `id`. */
export async function* verified(id: BlobId, content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const chunk of content) {
    hash.update(chunk);
    yield chunk;
  }
  const found = hash.digest('hex');
  if (found !== id) throw new BlobMismatchError(id, found);
}

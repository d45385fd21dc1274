export {
  BlobMismatchError,
  BlobNotFoundError,
  isBlobId,
  sha256,
  type BlobStore,
  type ByteRange,
  type StoredBlob,
} from './blob-store.ts';
export { openBlobStore } from './open-blob-store.ts';

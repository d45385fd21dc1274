import type { BlobId } from '@pentimento/contracts';
import type { BlobPort } from '../ports.ts';

/** Stores a well-formed text as UTF-8: its blob names it and no other. */
export const putText = (blobs: BlobPort, text: string, mediaType: string): Promise<BlobId> =>
  blobs.put(new TextEncoder().encode(text), mediaType);

/** Throws where the blob is missing. */
export const readText = async (blobs: BlobPort, id: BlobId): Promise<string> =>
  new TextDecoder().decode(await blobs.get(id));

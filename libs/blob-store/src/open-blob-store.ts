import { fileURLToPath, pathToFileURL } from 'node:url';
import type { BlobStore } from './blob-store.ts';
import { FileBlobStore } from './file-blob-store.ts';

/** One entry for each kind of blob store, by the protocol of its URL. */
const blobStores: Record<string, (url: URL) => BlobStore> = {
  'file:': (url) => new FileBlobStore(fileURLToPath(url)),
};

/** The blob store at a URL, e.g. `file:///data/blobs`, or at the path of a folder. Throws with the remedy for any other text. */
export function openBlobStore(location: string): BlobStore {
  const url = location.startsWith('/') ? pathToFileURL(location) : URL.parse(location);
  const open = url && blobStores[url.protocol];
  if (open) return open(url);
  const known = Object.keys(blobStores).map((protocol) => `${protocol}//`);
  throw new Error(`"${location}" is no blob store: give the path of a folder, or a URL with ${known.join(' or ')}.`);
}

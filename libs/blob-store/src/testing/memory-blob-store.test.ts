import { describeBlobStore } from './blob-store-contract.ts';
import { MemoryBlobStore } from './memory-blob-store.ts';

describeBlobStore('memory', async () => {
  const blobs = new Map();
  return { store: new MemoryBlobStore(blobs), another: new MemoryBlobStore(blobs), close: async () => {} };
});

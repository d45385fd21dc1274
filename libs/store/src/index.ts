export { type BlobStore } from './blobs/blob-store.ts';
export { openBlobStore } from './blobs/index.ts';
export { InvalidCursorError } from './database/jobs.ts';
export { migrate } from './database/migrate.ts';
export { MigrationError } from './database/migrations.ts';
export { OutageError } from './database/outage.ts';
export { ForeignBlobStoreError } from './database/storage.ts';
export { createStore } from './store.ts';
export * from './types.ts';

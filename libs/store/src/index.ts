export { createFileBlobs } from './blobs/file-blobs.ts';
export * from './cache/index.ts';
export { InvalidCursorError } from './database/jobs.ts';
export { migrate, type MigrateOptions } from './database/migrate.ts';
export { MigrationError } from './database/migrations.ts';
export { OutageError } from './database/outage.ts';
export { createStore } from './store.ts';
export * from './types.ts';

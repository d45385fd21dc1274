export { InvalidCursorError } from './database/jobs.ts';
export { migrate } from './database/migrate.ts';
export { MigrationError } from './database/migrations.ts';
export { OutageError } from './database/outage.ts';
export { ForeignBlobStoreError } from './database/storage.ts';
export * from './export-types.ts';
export type { Heartbeat } from './heartbeat.ts';
export { createStore } from './store.ts';
export * from './types.ts';

export { migrate, OutageError } from '@pentimento/postgres';
export { InvalidCursorError } from './database/jobs.ts';
export { ForeignBlobStoreError } from './database/storage.ts';
export * from './export-types.ts';
export type { Heartbeat } from './heartbeat.ts';
export { createStore } from './store.ts';
export * from './types.ts';

export { Bell, pollMs } from './bell.ts';
export { Listener } from './listener.ts';
export { migrate, migrationLock } from './migrate.ts';
export { MigrationError, migrationFolder, readMigrations } from './migrations.ts';
export { databaseError, OutageError } from './outage.ts';
export { sanitizeForPostgres } from './sanitize.ts';

export { startPostgres, type EmbeddedPostgres, type PostgresOptions } from './server.ts';

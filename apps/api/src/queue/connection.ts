import { createPostgresBackend, setDefaultBackendFactory, type ConnectionOptions } from 'bullmq';

/** One queue for each kind of work, so that neither waits for the other. */
export const queueNames = { jobs: 'refine', exports: 'export' } as const;

/** Connections of each queue or worker; the store has its own pool. */
const postgresConnections = 4;

/**
 * The queue's connection: Redis if it is configured, else Postgres. With Postgres this sets BullMQ's process-wide default
 * backend. Nest's types know only Redis connections, hence the cast.
 */
export function queueConnection(redisUrl: string | undefined, databaseUrl: string): ConnectionOptions {
  if (redisUrl) return { url: redisUrl, maxRetriesPerRequest: null };
  setDefaultBackendFactory(createPostgresBackend);
  return {
    connectionString: databaseUrl,
    migrate: true,
    max: postgresConnections,
  } as unknown as ConnectionOptions;
}

import { createPostgresBackend, setDefaultBackendFactory, type ConnectionOptions } from 'bullmq';

export const queueName = 'refine';

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

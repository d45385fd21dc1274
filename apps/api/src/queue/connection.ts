import { createPostgresBackend, setDefaultBackendFactory, type ConnectionOptions } from 'bullmq';

export const queueName = 'refine';

/** Of each queue or worker; the store has a pool of its own. */
const postgresConnections = 4;

/**
 * Where the queue lives: on Redis where there is one, else in Postgres. With Postgres the backend is BullMQ's
 * process-wide default from here on. Nest's types know only Redis connections, hence the cast.
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

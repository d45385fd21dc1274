import pg from 'pg';
import { withSchemaEngine } from './schema-engine.ts';
import { databaseError } from './outage.ts';

/** Key of the advisory lock under which processes that start together migrate one after the other, however long it takes. */
const migrationLock = 0x70656e74;

/**
 * Brings the database to the newest schema: applies the migrations of prisma/migrations that it lacks, in order, and
 * records them in `_prisma_migrations`. Idempotent; safe where several processes start at once.
 */
export async function migrate(databaseUrl: string): Promise<{ applied: string[] }> {
  const lock = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  lock.on('error', () => {});
  try {
    await lock.connect();
    await lock.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    return { applied: await withSchemaEngine(databaseUrl, (engine) => engine.apply()) };
  } catch (error) {
    throw migrationError(error);
  } finally {
    await lock.end().catch(() => {});
  }
}

function migrationError(error: unknown): Error {
  const known = databaseError(error);
  if (known) return known;
  const message = error instanceof Error ? error.message : String(error);
  if (message.includes('is not empty')) {
    return new Error(
      'The database has tables of somebody else and none of ours: give DATABASE_URL a database of its own (createdb).',
      { cause: error },
    );
  }
  return new Error(`The database cannot be brought to the newest schema: ${message}`, { cause: error });
}

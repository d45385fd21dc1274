import pg from 'pg';
import { v4 as uuid } from 'uuid';
import {
  MigrationError,
  migrationFolder,
  pendingMigrations,
  readMigrations,
  type Migration,
  type MigrationRecord,
} from './migrations.ts';
import { databaseError, OutageError } from './outage.ts';

export interface MigrateOptions {
  /** Folder with one folder per migration. Default: prisma/migrations of the checkout. */
  folder?: string;
  /** How long to wait for another process that migrates, and for the locks of each migration's statements. */
  lockTimeoutMs?: number;
}

/** Key of the advisory lock that Prisma's own commands take too, so that only one process migrates at a time. */
export const migrationLock = 72707369;

/** SQLSTATE of a statement that ran into `lock_timeout` (PostgreSQL 18, appendix A). */
const lockNotAvailable = '55P03';

/** As Prisma's commands create it, so that they can continue with a database that we migrated. */
const createRecords = `
  CREATE TABLE _prisma_migrations (
    id VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum VARCHAR(64) NOT NULL,
    finished_at TIMESTAMPTZ,
    migration_name VARCHAR(255) NOT NULL,
    logs TEXT,
    rolled_back_at TIMESTAMPTZ,
    started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
  )`;

/**
 * Brings the database to the newest schema: applies the migrations that it lacks, in order, each in a transaction with
 * its row in `_prisma_migrations`. Idempotent; processes that start at the same time wait for the first one.
 * @returns the names of the migrations that this call applied.
 * @throws OutageError if PostgreSQL does not answer, MigrationError if the database cannot be migrated. Migrations before
 * the one that failed stay applied; of that one nothing does.
 */
export async function migrate(databaseUrl: string, options: MigrateOptions = {}): Promise<{ applied: string[] }> {
  const { folder = migrationFolder, lockTimeoutMs = 120_000 } = options;
  const migrations = await readMigrations(folder);
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000, keepAlive: true });
  client.on('error', () => {});
  try {
    await client.connect();
    await lock(client, lockTimeoutMs);
    const pending = pendingMigrations(migrations, await readRecords(client));
    for (const migration of pending) await apply(client, migration);
    return { applied: pending.map(({ name }) => name) };
  } catch (error) {
    if (error instanceof MigrationError) throw error;
    throw databaseError(error) ?? error;
  } finally {
    // Ends the session, and with it the lock.
    await client.end().catch(() => {});
  }
}

async function lock(client: pg.Client, timeoutMs: number): Promise<void> {
  await client.query(`SELECT set_config('lock_timeout', $1, false), set_config('statement_timeout', '0', false)`, [
    String(timeoutMs),
  ]);
  try {
    await client.query('SELECT pg_advisory_lock($1)', [migrationLock]);
  } catch (cause) {
    if ((cause as pg.DatabaseError).code !== lockNotAvailable) throw cause;
    throw new MigrationError(
      `Another process (PostgreSQL session ${await lockHolder(client)}) has been migrating the database for more than ` +
        `${timeoutMs / 1000} s: wait for it and start again, or stop it if it hangs.`,
      { cause },
    );
  }
}

async function lockHolder(client: pg.Client): Promise<number | null> {
  const { rows } = await client.query<{ pid: number }>(
    `SELECT pid FROM pg_locks
     WHERE locktype = 'advisory' AND granted AND objid = $1 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [migrationLock],
  );
  return rows[0]?.pid ?? null;
}

/** The recorded migrations. A database without the table must be empty, because we would mix ours with unknown tables. */
async function readRecords(client: pg.Client): Promise<MigrationRecord[]> {
  const { rows: found } = await client.query<{ records: boolean; tables: boolean }>(
    `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS records,
      EXISTS (SELECT FROM pg_tables WHERE schemaname = current_schema()) AS tables`,
  );
  if (!found[0]!.records && found[0]!.tables) {
    throw new MigrationError(
      'The database has tables of another application and none of ours: create a database for Pentimento (createdb) and ' +
        'set DATABASE_URL to it.',
    );
  }
  if (!found[0]!.records) await client.query(createRecords);
  const { rows } = await client.query<MigrationRecord>(
    `SELECT migration_name AS name, checksum, finished_at AS "finishedAt", rolled_back_at AS "rolledBackAt"
     FROM _prisma_migrations ORDER BY started_at`,
  );
  return rows;
}

/** Applies the migration and its record, or nothing of both. */
async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  try {
    await client.query('BEGIN');
    await client.query(sql);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [uuid(), checksum, name],
    );
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => {});
    const known = databaseError(cause);
    if (known instanceof OutageError) throw known;
    throw new MigrationError(failure(name, cause as pg.DatabaseError), { cause });
  }
}

function failure(name: string, { code, message }: pg.DatabaseError): string {
  if (code === lockNotAvailable) {
    return (
      `The migration ${name} waits too long for a lock of another session, and was rolled back: stop the other processes ` +
      'that use the database, then start again.'
    );
  }
  return (
    `The migration ${name} failed and was rolled back (${message}): correct what the message names and start again, or ` +
    'go on with the previous release.'
  );
}

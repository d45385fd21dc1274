import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const migrationFolder = fileURLToPath(new URL('../../../prisma/migrations', import.meta.url));

export interface Migration {
  /** Name of its folder. Migrations are applied in the order of their names, which begin with the time. */
  name: string;
  sql: string;
  /** SHA-256 of the file in hex, as Prisma records it. */
  checksum: string;
}

/** A row of `_prisma_migrations`. */
export interface MigrationRecord {
  name: string;
  checksum: string;
  finishedAt: Date | null;
  rolledBackAt: Date | null;
}

/** The database's migrations and this release's do not fit together; the message has the remedy. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

export async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(names.toSorted().map((name) => readMigration(folder, name)));
}

async function readMigration(folder: string, name: string): Promise<Migration> {
  const bytes = await readFile(join(folder, name, 'migration.sql'));
  return { name, sql: bytes.toString(), checksum: createHash('sha256').update(bytes).digest('hex') };
}

/**
 * The migrations that the database lacks, in order. Throws a MigrationError if one was not finished, was changed after it
 * was applied, or is unknown to this release.
 */
export function pendingMigrations(migrations: Migration[], records: MigrationRecord[]): Migration[] {
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  const applied = records.filter((record) => record.rolledBackAt === null);
  for (const record of applied) checkRecord(record, known.get(record.name));
  const names = new Set(applied.map((record) => record.name));
  return migrations.filter((migration) => !names.has(migration.name));
}

function checkRecord({ name, checksum, finishedAt }: MigrationRecord, migration: Migration | undefined): void {
  if (!migration) {
    throw new MigrationError(
      `The database has the migration ${name}, which this release does not know: it was used by a newer release. ` +
        'Start that release or a newer one, or restore a backup from before its first start.',
    );
  }
  if (finishedAt === null) {
    throw new MigrationError(
      `The migration ${name} was started by another tool and has not finished: its changes may be there in part. ` +
        'Restore a backup from before it and start again; or undo its changes by hand and mark it with ' +
        `UPDATE _prisma_migrations SET rolled_back_at = now() WHERE migration_name = '${name}'.`,
    );
  }
  if (checksum !== migration.checksum) {
    throw new MigrationError(
      `The file of the migration ${name} has changed since the database applied it: restore the file from version ` +
        'control, and put further changes of the schema into a new migration (npm run migration).',
    );
  }
}

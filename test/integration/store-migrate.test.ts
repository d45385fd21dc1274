import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { migrate, MigrationError, migrationFolder, migrationLock } from '@pentimento/postgres';
import { schemaPath, withSchemaEngine } from '../../libs/store/scripts/schema-engine.ts';
import { query, startTestPostgres, type TestPostgres } from '../support/postgres.ts';

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres?.stop());

const emptyDatabase = () => postgres.newDatabase({ migrated: false });
const tables = (url: string) =>
  query(url, `SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`).then((rows) =>
    rows.map((row) => row.tablename),
  );

/** The shape of a database as text: columns, types, defaults, keys, indexes, enums. */
async function shapeOf(url: string): Promise<string[]> {
  const rows = await query(
    url,
    `SELECT format('%s.%s %s %s null=%s', table_name, column_name, udt_name, column_default, is_nullable)
        || coalesce(datetime_precision::text, '') AS line
      FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
      WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT enumtypid::regtype || ' ' || enumsortorder || ' ' || enumlabel FROM pg_enum`,
  );
  return rows
    .map((row) => String(row.line))
    .filter((line) => !line.includes('_prisma_migrations'))
    .toSorted();
}

describe('the migrations', () => {
  it('create exactly what schema.prisma describes', async () => {
    const migrated = await postgres.newDatabase();
    const wanted = await emptyDatabase();
    const schema = await readFile(schemaPath, 'utf8');
    const sql = await withSchemaEngine(wanted, (engine) => engine.difference(null, schema));
    await query(wanted, sql);
    const shape = await shapeOf(migrated);
    expect(shape.length).toBeGreaterThan(100);
    expect(shape).toEqual(await shapeOf(wanted));
  });

  it('are written by the schema engine as the difference of two schemas', async () => {
    const url = await postgres.newDatabase();
    const schema = await readFile(schemaPath, 'utf8');
    const longer = schema.replace('model Blob {', 'model Blob {\n  note String?');
    const [nothing, column] = await withSchemaEngine(url, async (engine) => [
      await engine.difference(schema, schema),
      await engine.difference(schema, longer),
    ]);
    expect(nothing).toBe('');
    expect(column).toContain('ALTER TABLE "blobs" ADD COLUMN     "note" TEXT');
  });
});

describe('migrate', () => {
  it('applies each migration once, even if several processes start at the same time', async () => {
    const url = await emptyDatabase();
    const runs = await Promise.all([migrate(url), migrate(url), migrate(url)]);
    const names = (await readdir(migrationFolder)).filter((name) => /^\d{14}_/.test(name)).toSorted();
    expect(runs.flatMap((run) => run.applied)).toEqual(names);
    expect(await migrate(url)).toEqual({ applied: [] });
    expect(await query(url, 'SELECT migration_name FROM _prisma_migrations')).toHaveLength(names.length);
  });

  it("leaves what Prisma's own engine leaves, so that either can go on with the database of the other", async () => {
    const [ours, theirs] = [await emptyDatabase(), await emptyDatabase()];
    await migrate(ours);
    const applied = await withSchemaEngine(theirs, (engine) => engine.apply());
    expect(applied.length).toBeGreaterThan(3);
    expect(await withSchemaEngine(ours, (engine) => engine.apply())).toEqual([]);
    expect(await migrate(theirs)).toEqual({ applied: [] });
    const records = `SELECT length(id), checksum, migration_name, logs, rolled_back_at, applied_steps_count,
      finished_at >= started_at AS finished FROM _prisma_migrations ORDER BY migration_name`;
    expect(await query(ours, records)).toEqual(await query(theirs, records));
    const columns = `SELECT column_name, data_type, character_maximum_length, column_default, is_nullable
      FROM information_schema.columns WHERE table_name = '_prisma_migrations' ORDER BY ordinal_position`;
    expect(await query(ours, columns)).toEqual(await query(theirs, columns));
    expect(await shapeOf(ours)).toEqual(await shapeOf(theirs));
  });

  it('refuses a database that does not exist, and one with tables of another application', async () => {
    const url = await emptyDatabase();
    await expect(migrate(url.replace(/test_\w+/, 'missing'))).rejects.toThrow(/does not exist: create it/);
    await query(url, 'CREATE TABLE theirs (id int)');
    await expect(migrate(url)).rejects.toThrow(/tables of another application/);
    expect(await tables(url)).toEqual(['theirs']);
  });

  it('waits for another process that migrates', async () => {
    const url = await emptyDatabase();
    const other = await holdLock(url);
    const migrating = migrate(url);
    await waitForLock(url);
    expect(await tables(url)).toEqual([]);
    await other.end();
    expect((await migrating).applied.length).toBeGreaterThan(3);
  });

  it('gives up after the timeout, and names the session that it waited for', async () => {
    const url = await emptyDatabase();
    const other = await holdLock(url);
    const [session] = (await other.query('SELECT pg_backend_pid() AS pid')).rows as { pid: number }[];
    await expect(migrate(url, { lockTimeoutMs: 100 })).rejects.toThrow(
      new RegExp(`session ${session!.pid}\\) has been migrating the database for more than 0.1 s: wait for it`),
    );
    expect(await tables(url)).toEqual([]);
    await other.end();
  });
});

/** Holds the lock of a process that migrates. */
async function holdLock(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('SELECT pg_advisory_lock($1)', [migrationLock]);
  return client;
}

async function waitForLock(url: string): Promise<void> {
  const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  while ((await query(url, waiting)).length === 0);
}

describe('migrate over migrations of its own', () => {
  let folder: string;
  let url: string;
  const names = () => query(url, 'SELECT migration_name AS name FROM _prisma_migrations ORDER BY 1');

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pentimento-migrations-'));
    url = await emptyDatabase();
    await write('1_notes', 'CREATE TABLE notes (id int);');
    await write('2_kind', `CREATE TYPE kind AS ENUM ('a'); ALTER TABLE notes ADD COLUMN kind kind;`);
    await migrate(url, { folder });
    return () => rm(folder, { recursive: true });
  });

  async function write(name: string, sql: string): Promise<void> {
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, name, 'migration.sql'), sql);
  }

  it('applies a later one, and one that was added between the others', async () => {
    await write('3_value', `ALTER TYPE kind ADD VALUE 'b';`);
    await write('1_5_between', 'CREATE TABLE between_them (id int);');
    expect(await migrate(url, { folder })).toEqual({ applied: ['1_5_between', '3_value'] });
    await query(url, `INSERT INTO notes VALUES (1, 'b')`);
  });

  it('rolls all of a failed migration back, and applies it once it is corrected', async () => {
    await write('3_good', 'CREATE TABLE good (id int);');
    await write(
      '4_bad',
      'CREATE TABLE half (id int); INSERT INTO notes VALUES (1); SELECT 1 / 0; CREATE TABLE rest ();',
    );
    await write('5_next', 'CREATE TABLE next (id int);');
    const failed = migrate(url, { folder });
    await expect(failed).rejects.toThrow(MigrationError);
    await expect(failed).rejects.toThrow(/4_bad failed and was rolled back \(division by zero\): correct what/);
    expect(await tables(url)).toEqual(['_prisma_migrations', 'good', 'notes']);
    expect(await query(url, 'SELECT * FROM notes')).toEqual([]);
    expect(await names()).toEqual([{ name: '1_notes' }, { name: '2_kind' }, { name: '3_good' }]);
    await write('4_bad', 'CREATE TABLE corrected (id int);');
    expect(await migrate(url, { folder })).toEqual({ applied: ['4_bad', '5_next'] });
  });

  it('does not blame the database setup if a migration names a table that is missing', async () => {
    await write('3_bad', 'ALTER TABLE missing ADD COLUMN note text;');
    await expect(migrate(url, { folder })).rejects.toThrow(/3_bad failed and was rolled back \(relation "missing"/);
  });

  it('refuses a database of a newer release, and applies nothing', async () => {
    await write('3_newer', 'CREATE TABLE newer (id int);');
    await migrate(url, { folder });
    await rm(join(folder, '3_newer'), { recursive: true });
    await write('4_other', 'CREATE TABLE other (id int);');
    await expect(migrate(url, { folder })).rejects.toThrow(/3_newer, which this release does not know: .+ newer one/);
    expect(await tables(url)).toEqual(['_prisma_migrations', 'newer', 'notes']);
  });

  it('refuses a migration whose file has changed since it was applied', async () => {
    await write('1_notes', 'CREATE TABLE notes (id bigint);');
    await expect(migrate(url, { folder })).rejects.toThrow(/1_notes has changed since .+ restore the file/);
  });

  it('refuses a migration that another tool left unfinished, until it is marked as rolled back', async () => {
    await query(url, `UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = '2_kind'`);
    const error = await migrate(url, { folder }).catch((caught: unknown) => caught as Error);
    expect(error).toBeInstanceOf(MigrationError);
    const remedy = /UPDATE _prisma_migrations .+'2_kind'/.exec((error as Error).message)![0];
    await query(url, 'ALTER TABLE notes DROP COLUMN kind; DROP TYPE kind;');
    await query(url, remedy);
    expect(await migrate(url, { folder })).toEqual({ applied: ['2_kind'] });
    expect(await migrate(url, { folder })).toEqual({ applied: [] });
  });

  it('gives up if another session keeps a table locked', async () => {
    await write('3_alter', 'ALTER TABLE notes ADD COLUMN more text;');
    const other = new pg.Client({ connectionString: url });
    await other.connect();
    await other.query('BEGIN; LOCK TABLE notes IN ACCESS SHARE MODE');
    await expect(migrate(url, { folder, lockTimeoutMs: 100 })).rejects.toThrow(
      /3_alter waits too long for a lock of another session, and was rolled back: stop the other processes/,
    );
    await other.end();
    expect(await migrate(url, { folder })).toEqual({ applied: ['3_alter'] });
  });
});

import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrate } from '@pentimento/store';
import { migrationFolder, schemaPath, withSchemaEngine } from '../../libs/store/src/database/schema-engine.ts';
import { query, startTestPostgres, type TestPostgres } from '../support/postgres.ts';

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres?.stop());

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

it('makes what the schema says, no more and no less', async () => {
  const migrated = await postgres.newDatabase();
  const wanted = await postgres.newDatabase({ migrated: false });
  const schema = await readFile(schemaPath, 'utf8');
  const sql = await withSchemaEngine(wanted, (engine) => engine.difference(null, schema));
  await query(wanted, sql);
  const shape = await shapeOf(migrated);
  expect(shape.length).toBeGreaterThan(100);
  expect(shape).toEqual(await shapeOf(wanted));
});

it('says what leads from one schema to another', async () => {
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

it('runs once however often and by how many it is called', async () => {
  const url = await postgres.newDatabase({ migrated: false });
  const runs = await Promise.all([migrate(url), migrate(url), migrate(url)]);
  const names = (await readdir(migrationFolder)).filter((name) => /^\d{14}_/.test(name)).toSorted();
  expect(runs.flatMap((run) => run.applied)).toEqual(names);
  expect(await migrate(url)).toEqual({ applied: [] });
  expect(await query(url, 'SELECT migration_name FROM _prisma_migrations')).toHaveLength(names.length);
});

it('says what to do where it cannot', async () => {
  const url = await postgres.newDatabase({ migrated: false });
  await expect(migrate(url.replace(/test_\w+/, 'missing'))).rejects.toThrow(/does not exist: create it/);
  await query(url, 'CREATE TABLE theirs (id int)');
  await expect(migrate(url)).rejects.toThrow(/tables of somebody else/);
  expect(await query(url, `SELECT 1 FROM pg_tables WHERE schemaname = 'public'`)).toHaveLength(1);
});

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createStore, migrate } from '@pentimento/store';
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

const migrationTable = `CREATE TABLE "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL, "checksum" VARCHAR(64) NOT NULL, "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL, "logs" TEXT, "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(), "applied_steps_count" INTEGER NOT NULL DEFAULT 0)`;

/** A database as the first release made it. */
async function firstDatabase(): Promise<string> {
  const [names, url, newest] = [
    await readdir(migrationFolder),
    await postgres.newDatabase({ migrated: false }),
    await postgres.newDatabase(),
  ];
  const first = names.find((name) => name.endsWith('_init'))!;
  await query(url, await readFile(join(migrationFolder, first, 'migration.sql'), 'utf8'));
  await query(url, migrationTable);
  const [record] = await query(newest, 'SELECT * FROM _prisma_migrations WHERE migration_name = $1', [first]);
  await insert(url, '_prisma_migrations', record!);
  return url;
}

async function insert(url: string, table: string, row: Record<string, unknown>): Promise<void> {
  const columns = Object.keys(row).map((name) => `"${name}"`);
  const places = columns.map((_, index) => `$${index + 1}`);
  const values = Object.values(row).map((value) =>
    typeof value === 'object' && value !== null && !(value instanceof Date) ? JSON.stringify(value) : value,
  );
  await query(url, `INSERT INTO "${table}" (${columns.join(', ')}) VALUES (${places.join(', ')})`, values);
}

it('brings rows of the first release along, as the store reads them', async () => {
  const url = await firstDatabase();
  const at = '2026-11-01T12:00:00.000Z';
  const image = 'a'.repeat(64);
  const jobId = `job_${'1'.repeat(36)}`;
  const drawn = { status: 'ok', image, width: 40, height: 30, log: '', renderer: 'svg librsvg-2.54', ms: 3 };
  const failed = { status: 'failed', kind: 'syntax', message: 'No.', renderer: 'svg', ms: 1 };
  await insert(url, 'blobs', { id: image, media_type: 'image/png', bytes: 9, created_at: at });
  await insert(url, 'jobs', {
    ...{ id: jobId, name: 'old', target_image: image, target_original: image, target_width: 40, target_height: 30 },
    ...{ target_had_alpha: false, language: 'svg', model: 'builtin/vectorizer', instructions: '' },
    ...{ policy: { threshold: 0.9 }, budget: {}, status: 'running', offered_at: at, created_at: at, started_at: at },
  });
  for (const [index, render] of [drawn, failed].entries()) {
    const id = `cand_${String(index).repeat(36)}`;
    await insert(url, 'candidates', {
      ...{ id, job_id: jobId, iteration: 0, index, reading: 'given', reading_detail: '', code: image, render },
      created_at: at,
    });
    await insert(url, 'rewards', {
      ...{ candidate_id: id, version: 'coarse-to-fine-1', encoder_id: 'analytic-a8', encoder_sha256: 'ff' },
      ...{ overall: 0.55, visual: 0.5, alignment: 1, execution: 1, worst_tile: 0.4, tiles: '[]', ms: 5 },
    });
  }

  const { applied } = await migrate(url);
  expect(applied.length).toBeGreaterThan(0);
  const store = createStore({ databaseUrl: url, blobFolder: join(postgres.folder, 'blobs') });
  try {
    expect(await store.getJob(jobId)).toMatchObject({
      language: 'svg',
      policy: { threshold: 0.9, profile: 'overall' },
      target: { deviceScale: 1 },
    });
    const [whole, broken] = await store.listCandidates(jobId);
    expect(whole!.render).toEqual({ ...drawn, molecule: null });
    expect(broken!.render).toEqual(failed);
    expect(whole!.reward).toEqual({
      version: 'coarse-to-fine-1',
      encoder: { id: 'analytic-a8', sha256: 'ff' },
      preprocessing: 'pillow-bicubic-448-white-1',
      terms: {
        ...{ overall: 0.55, visual: 0.5, alignment: 1, execution: 1, worstTile: 0.4 },
        ...{
          lowQuantile: null,
          windows: null,
          size: null,
          aspect: null,
          colour: null,
          text: null,
          shiftTolerant: null,
        },
      },
      tiles: [],
      windows: [],
      shift: null,
      map: null,
      ms: 5,
    });
  } finally {
    await store.close();
  }
});

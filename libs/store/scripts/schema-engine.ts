import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { migrationFolder, readMigrations } from '@pentimento/postgres';
import * as engineModule from '@prisma/schema-engine-wasm/schema_engine_bg';
import type { MigrationList, SchemaEngine, SchemasContainer } from '@prisma/schema-engine-wasm/schema_engine_bg';

export const schemaPath = fileURLToPath(new URL('../../../prisma/schema.prisma', import.meta.url));

/** Only our tables: the queue has its own schema. */
const filters = { externalTables: [], externalEnums: [] };

let loaded: Promise<void> | undefined;

/**
 * Runs `use` with Prisma's schema engine as WebAssembly, because Prisma's own command would download a binary of it. For
 * development only: servers migrate with libs/postgres. The engine keeps its lock until its session ends, which
 * is when the pool ends.
 */
export async function withSchemaEngine<T>(databaseUrl: string, use: (engine: Engine) => Promise<T>): Promise<T> {
  await (loaded ??= load().catch((error: unknown) => {
    loaded = undefined;
    throw error;
  }));
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1, connectionTimeoutMillis: 10_000 });
  const adapters = bindMigrationAwareSqlAdapterFactory(new PrismaPg(pool));
  pool.on('error', () => {});
  try {
    // The engine hides the driver's errors behind numbers; this shows the error of a missing database itself.
    await pool.query('SELECT 1');
    const engine = await engineModule.SchemaEngine.new({ datamodels: undefined }, () => {}, adapters);
    return await use(new Engine(engine)).finally(() => engine.free());
  } catch (error) {
    const hidden = /External error id#(\d+)/.exec(String(error))?.[1];
    throw hidden === undefined ? error : adapters.errorRegistry.consumeError(Number(hidden))?.error;
  } finally {
    await pool.end();
  }
}

export class Engine {
  readonly #engine: SchemaEngine;

  constructor(engine: SchemaEngine) {
    this.#engine = engine;
  }

  /** Applies the migrations that the database lacks, as `prisma migrate deploy` does. Returns their names. */
  async apply(): Promise<string[]> {
    const output = await this.#engine.applyMigrations({ migrationsList: await listMigrations(), filters });
    return output.appliedMigrationNames;
  }

  /** The SQL that leads from one schema.prisma to another, or from an empty database. Empty where they are equal. */
  async difference(from: string | null, to: string): Promise<string> {
    const { stdout } = await this.#engine.diff({
      from: from === null ? { tag: 'empty' } : { tag: 'schemaDatamodel', ...container(from) },
      to: { tag: 'schemaDatamodel', ...container(to) },
      script: true,
      exitCode: null,
      filters,
    });
    const script = (stdout ?? '').trim();
    return script === '-- This is an empty migration.' ? '' : `${script}\n`;
  }
}

/** Node cannot import the .wasm file directly, because wasm-bindgen wrote its imports for a bundler. */
async function load(): Promise<void> {
  const path = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const bytes = await readFile(join(dirname(path), 'schema_engine_bg.wasm'));
  const imports = { './schema_engine_bg.js': withQuietTimers(engineModule as unknown as WebAssembly.ModuleImports) };
  const { instance } = await WebAssembly.instantiate(bytes, imports);
  engineModule.__wbg_set_wasm(instance.exports);
  (instance.exports as { __wbindgen_start(): void }).__wbindgen_start();
}

/** The engine leaves a timer of 10 s running, which must not keep a finished command from ending. */
function withQuietTimers(module: WebAssembly.ModuleImports): WebAssembly.ModuleImports {
  const name = Object.keys(module).find((key) => key.startsWith('__wbg_setTimeout_'));
  if (!name) throw new Error('The schema engine has no timer import: adapt this function to its version.');
  return { ...module, [name]: (run: () => void, ms: number) => setTimeout(run, ms).unref() };
}

const container = (content: string): SchemasContainer => ({ files: [{ path: schemaPath, content }] });

async function listMigrations(): Promise<MigrationList> {
  const path = 'migration.sql';
  const migrations = await readMigrations(migrationFolder);
  return {
    baseDir: migrationFolder,
    lockfile: {
      path: 'migration_lock.toml',
      content: await readFile(join(migrationFolder, 'migration_lock.toml'), 'utf8'),
    },
    shadowDbInitScript: '',
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path, content: { tag: 'ok', value: sql } },
    })),
  };
}

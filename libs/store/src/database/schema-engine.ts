import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import * as engineModule from '@prisma/schema-engine-wasm/schema_engine_bg';
import type { MigrationList, SchemaEngine, SchemasContainer } from '@prisma/schema-engine-wasm/schema_engine_bg';

export const schemaPath = fileURLToPath(new URL('../../../../prisma/schema.prisma', import.meta.url));
export const migrationFolder = join(dirname(schemaPath), 'migrations');

/** No table is anybody else's: the queue keeps its own schema. */
const filters = { externalTables: [], externalEnums: [] };

let loaded: Promise<void> | undefined;

/**
 * Runs `use` with Prisma's schema engine as WebAssembly; Prisma's own command would download a binary of it. The engine
 * takes a lock for its session and leaves it to the session's end, which is the pool's end here.
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
    // The engine hides the driver's errors behind numbers; a database that is not there should say so itself.
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

  /** Applies what prisma/migrations has more than the database. Names of what was applied. */
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

/** Node cannot import a .wasm file that names its module as the wasm-bindgen bundler target does. */
async function load(): Promise<void> {
  const path = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const bytes = await readFile(join(dirname(path), 'schema_engine_bg.wasm'));
  const imports = { './schema_engine_bg.js': withQuietTimers(engineModule as unknown as WebAssembly.ModuleImports) };
  const { instance } = await WebAssembly.instantiate(bytes, imports);
  engineModule.__wbg_set_wasm(instance.exports);
  (instance.exports as { __wbindgen_start(): void }).__wbindgen_start();
}

/** The engine leaves its 10 s lock time-out running; that must not keep a command that has finished from ending. */
function withQuietTimers(module: WebAssembly.ModuleImports): WebAssembly.ModuleImports {
  const name = Object.keys(module).find((key) => key.startsWith('__wbg_setTimeout_'));
  if (!name) throw new Error('The schema engine has no timer to quieten: adapt this to its version.');
  return { ...module, [name]: (run: () => void, ms: number) => setTimeout(run, ms).unref() };
}

const container = (content: string): SchemasContainer => ({ files: [{ path: schemaPath, content }] });

async function listMigrations(): Promise<MigrationList> {
  const entries = await readdir(migrationFolder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return {
    baseDir: migrationFolder,
    lockfile: {
      path: 'migration_lock.toml',
      content: await readFile(join(migrationFolder, 'migration_lock.toml'), 'utf8'),
    },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(names.toSorted().map(readMigration)),
  };
}

async function readMigration(name: string): Promise<MigrationList['migrationDirectories'][number]> {
  const path = 'migration.sql';
  const value = await readFile(join(migrationFolder, name, path), 'utf8');
  return { path: name, migrationFile: { path, content: { tag: 'ok', value } } };
}

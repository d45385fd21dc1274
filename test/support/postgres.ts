import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, type EmbeddedPostgres } from '@pentimento/embedded-postgres';
import { openBlobStore, type BlobStore } from '@pentimento/blob-store';
import { migrate } from '@pentimento/store';
import pg from 'pg';

export interface TestPostgres {
  /** A temporary folder that is removed with the server. */
  folder: string;
  /** A blob store in that folder. */
  blobs: BlobStore;
  /** URL of a new database: migrated, unless `migrated` is false. */
  newDatabase(options?: { migrated?: boolean }): Promise<string>;
  /** Shuts the server down with its data kept; `start` restarts it under the same URLs. */
  pause(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

const template = 'migrated';

/** One embedded server for a test file, in a temporary folder. Call it in `beforeAll`, and `stop` in `afterAll`. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'pentimento-test-'));
  let server = await start(folder);
  let running = true;
  await query(server.url, `CREATE DATABASE ${template}`);
  await migrate(urlOf(server, template));
  return {
    folder,
    blobs: openBlobStore(join(folder, 'blobs')),
    async newDatabase({ migrated = true } = {}) {
      const name = `test_${randomUUID().replaceAll('-', '')}`;
      await query(server.url, `CREATE DATABASE ${name} TEMPLATE ${migrated ? template : 'template1'}`);
      return urlOf(server, name);
    },
    async pause() {
      running = false;
      await server.stop();
    },
    async start() {
      if (!running) server = await start(folder);
      running = true;
    },
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** Runs one statement on a connection of its own. */
export async function query(url: string, sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

const start = (folder: string): Promise<EmbeddedPostgres> =>
  startPostgres({ folder: join(folder, 'postgres'), durable: false });

function urlOf(server: EmbeddedPostgres, database: string): string {
  const url = new URL(server.url);
  url.pathname = `/${database}`;
  return url.href;
}

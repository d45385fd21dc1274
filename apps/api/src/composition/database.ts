import { startPostgres } from '@pentimento/store';
import type { Environment } from '../config/environment.ts';
import type { Lifecycle } from '../runtime/lifecycle.ts';
import { readServerFile } from '../runtime/server-file.ts';
import { StartError } from '../runtime/start-error.ts';

/** The server's database: the one of DATABASE_URL, or an embedded Postgres that starts and stops with the server. */
export async function openDatabase({ databaseUrl, folders }: Environment, lifecycle: Lifecycle): Promise<string> {
  if (databaseUrl) return databaseUrl;
  const postgres = await startPostgres({ folder: folders.postgres });
  lifecycle.add('embedded Postgres', () => postgres.stop());
  return postgres.url;
}

/** A worker's database: the one of DATABASE_URL, or that of the server which runs over the same home. */
export async function findDatabase({ databaseUrl, folders, home }: Environment): Promise<string> {
  const url = databaseUrl ?? (await readServerFile(folders.serverFile))?.databaseUrl;
  if (url) return url;
  throw new StartError(`A worker needs a database: set DATABASE_URL, or start the server over ${home} first.`);
}

import { startPostgres } from '@pentimento/embedded-postgres';
import { migrate } from '@pentimento/store';
import type { Runtime } from '../runtime/run.ts';
import { readServerFile } from '../runtime/server-file.ts';
import type { Settings } from '../settings/settings.ts';
import { StartError } from '../settings/start-error.ts';

/** Opens the server's database: DATABASE_URL, or an embedded Postgres that starts and stops with the server. Migrates it and returns its URL. */
export async function openDatabase({ settings, lifecycle, logger }: Runtime): Promise<string> {
  const { databaseUrl, folders } = settings;
  if (databaseUrl) return migrated(databaseUrl);
  const postgres = await startPostgres({ folder: folders.postgres }).catch((error: Error) => {
    throw new StartError(error.message, { cause: error });
  });
  lifecycle.add('embedded Postgres', () => postgres.stop());
  if (postgres.notice) logger.info(postgres.notice);
  return migrated(postgres.url);
}

/** Finds a worker's database: DATABASE_URL, or that of the server that runs over the same home. Migrates it and returns its URL. */
export async function findDatabase({ databaseUrl, folders, home }: Settings): Promise<string> {
  const url = databaseUrl ?? (await readServerFile(folders.serverFile))?.databaseUrl;
  if (url) return migrated(url);
  throw new StartError(`A worker needs a database: set DATABASE_URL, or start the server over ${home} first.`);
}

async function migrated(databaseUrl: string): Promise<string> {
  try {
    await migrate(databaseUrl);
    return databaseUrl;
  } catch (error) {
    throw new StartError(`The database cannot be used. ${(error as Error).message}`, { cause: error });
  }
}

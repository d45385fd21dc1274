import { startPostgres } from '@pentimento/embedded-postgres';
import type { Environment } from '../config/environment.ts';
import type { Start } from '../runtime/run.ts';
import { readServerFile } from '../runtime/server-file.ts';
import { StartError } from '../runtime/start-error.ts';

/** The server's database: the one of DATABASE_URL, or an embedded Postgres that starts and stops with the server. */
export async function openDatabase({ environment, lifecycle, logger }: Start): Promise<string> {
  const { databaseUrl, folders } = environment;
  if (databaseUrl) return databaseUrl;
  const postgres = await startPostgres({ folder: folders.postgres }).catch((error: Error) => {
    throw new StartError(error.message, { cause: error });
  });
  lifecycle.add('embedded Postgres', () => postgres.stop());
  if (postgres.notice) logger.info(postgres.notice);
  return postgres.url;
}

/** A worker's database: the one of DATABASE_URL, or that of the server which runs over the same home. */
export async function findDatabase({ databaseUrl, folders, home }: Environment): Promise<string> {
  const url = databaseUrl ?? (await readServerFile(folders.serverFile))?.databaseUrl;
  if (url) return url;
  throw new StartError(`A worker needs a database: set DATABASE_URL, or start the server over ${home} first.`);
}

import { serverApplication } from './applications.ts';
import { openDatabase } from './database/open-database.ts';
import { lockHome } from './runtime/home-lock.ts';
import { isLoopback, listen, localUrl } from './runtime/listen.ts';
import { makePrivateFolders } from './runtime/private-folders.ts';
import type { Runtime } from './runtime/run.ts';
import { readServerFile, removeServerFile, writeServerFile } from './runtime/server-file.ts';
import { StartError } from './settings/start-error.ts';

/** Serves HTTP, and works on jobs in the same process unless PENTIMENTO_WORKER=off, until the lifecycle closes. */
export async function serve(runtime: Runtime): Promise<void> {
  const { settings, lifecycle, logger } = runtime;
  await takeHome(runtime);
  const databaseUrl = await openDatabase(runtime);
  const app = await serverApplication(runtime, databaseUrl);
  lifecycle.add('application', () => app.close());

  const port = await listen(app.getHttpServer(), settings);
  if (port !== settings.port && settings.port !== 0) {
    logger.warn(`Port ${settings.port} is taken; the server listens on ${port}.`);
  }
  const url = localUrl(settings.host, port);
  if (!isLoopback(settings.host)) {
    logger.warn(`Anyone who reaches ${settings.host}:${port} can use this server: it has no login.`);
  }
  const { serverFile } = settings.folders;
  await writeServerFile(serverFile, { pid: process.pid, url, databaseUrl, startedAt: new Date().toISOString() });
  lifecycle.add('server file', () => removeServerFile(serverFile));
  logger.info({ url, home: settings.home }, 'Pentimento is ready.');
}

async function takeHome({ settings, lifecycle }: Runtime): Promise<void> {
  const { home, folders } = settings;
  await makePrivateFolders(settings);
  const lock = await lockHome(folders.lockFile);
  if (lock.held) {
    lifecycle.add('home', () => lock.release());
    return;
  }
  const where = (await readServerFile(folders.serverFile))?.url ?? 'an address that it has yet to choose';
  throw new StartError(
    `A server over ${home} is running at ${where} (process ${lock.pid}). Use it, stop it, or set PENTIMENTO_HOME to another folder.`,
  );
}

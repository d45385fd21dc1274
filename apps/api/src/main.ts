import 'reflect-metadata';
import { languages } from '@pentimento/render/languages';
import { httpApplication } from './applications.ts';
import { openDatabase } from './composition/database.ts';
import { createServices } from './composition/services.ts';
import { warmUp } from './composition/warm-up.ts';
import { lockHome } from './runtime/home-lock.ts';
import { isLoopback, listen, localUrl } from './runtime/listen.ts';
import { run, type Start } from './runtime/run.ts';
import { readServerFile, removeServerFile, writeServerFile } from './runtime/server-file.ts';
import { StartError } from './runtime/start-error.ts';

/** The server: HTTP, and the worker beside it unless PENTIMENTO_WORKER=off. */
await run(async (setting) => {
  const { environment, lifecycle, logger } = setting;
  await takeHome(setting);
  const databaseUrl = await openDatabase(setting);
  const services = await createServices({ ...setting, variables: process.env, databaseUrl, languages });
  void warmUp(services);
  const app = await httpApplication(services, databaseUrl);
  lifecycle.add('application', () => app.close());

  const port = await listen(app.getHttpServer(), environment);
  if (port !== environment.port && environment.port !== 0) {
    logger.warn(`Port ${environment.port} is taken; the server listens on ${port}.`);
  }
  const url = localUrl(environment.host, port);
  if (!isLoopback(environment.host)) {
    logger.warn(`Whoever reaches ${environment.host}:${port} can use this server: it asks nobody who they are.`);
  }
  const { serverFile } = environment.folders;
  await writeServerFile(serverFile, { pid: process.pid, url, databaseUrl, startedAt: new Date().toISOString() });
  lifecycle.add('server file', () => removeServerFile(serverFile));
  logger.info({ url, home: environment.home }, 'Pentimento is ready.');
});

async function takeHome({ environment, lifecycle }: Start): Promise<void> {
  const { home, folders } = environment;
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

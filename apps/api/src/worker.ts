import 'reflect-metadata';
import { workerApplication } from './applications.ts';
import { findDatabase } from './composition/database.ts';
import { createServices } from './composition/services.ts';
import { run } from './runtime/run.ts';

/** The queue's side alone: as many of these as there are machines, over one database and one blob folder. */
await run(async ({ environment, lifecycle, logger }) => {
  const databaseUrl = await findDatabase(environment);
  const services = await createServices({ environment, variables: process.env, databaseUrl, lifecycle, logger });
  const app = await workerApplication(services, databaseUrl);
  lifecycle.add('application', () => app.close());
  logger.info({ home: environment.home, pid: process.pid }, 'The worker is ready.');
});

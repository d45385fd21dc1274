import 'reflect-metadata';
import { languages } from '@pentimento/render/languages';
import { workerApplication } from './applications.ts';
import { findDatabase } from './composition/database.ts';
import { createServices } from './composition/services.ts';
import { warmUp } from './composition/warm-up.ts';
import { run } from './runtime/run.ts';

/** The queue's side alone: as many of these as there are machines, over one database and one blob folder. */
await run(async (setting) => {
  const { environment, lifecycle, logger } = setting;
  const databaseUrl = await findDatabase(environment);
  const services = await createServices({ ...setting, variables: process.env, databaseUrl, languages });
  void warmUp(services);
  const app = await workerApplication(services, databaseUrl);
  lifecycle.add('application', () => app.close());
  logger.info({ home: environment.home }, 'The worker is ready.');
});

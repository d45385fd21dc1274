import 'reflect-metadata';
import { languages } from '@pentimento/render/languages';
import { workerApplication } from './applications.ts';
import { findDatabase } from './database/open-database.ts';
import { makePrivateFolders } from './runtime/private-folders.ts';
import { run } from './runtime/run.ts';

/** The worker alone: any number of these, on any machines, over one database and one blob folder. */
await run(languages, async (runtime) => {
  const { settings, lifecycle, logger } = runtime;
  await makePrivateFolders(settings);
  const databaseUrl = await findDatabase(settings);
  const app = await workerApplication(runtime, databaseUrl);
  lifecycle.add('application', () => app.close());
  logger.info({ home: settings.home }, 'The worker is ready.');
});

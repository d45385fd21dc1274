import 'reflect-metadata';
import { languages } from '@pentimento/render/languages';
import { rewardsApplication } from './applications.ts';
import { isLoopback, listen, localUrl } from './runtime/listen.ts';
import { run } from './runtime/run.ts';
import { StartError } from './settings/start-error.ts';

/** The reward service alone: it renders and scores what it is sent, without a database or a queue. */
await run(languages, async (runtime) => {
  const { settings, lifecycle, logger } = runtime;
  if (settings.reward.url) {
    throw new StartError('REWARD_URL names another reward service, and this is to be one itself: unset it here.');
  }
  const app = await rewardsApplication(runtime);
  lifecycle.add('application', () => app.close());
  const port = await listen(app.getHttpServer(), settings);
  if (!isLoopback(settings.host)) {
    logger.warn(`Anyone who reaches ${settings.host}:${port} can use this service: it has no login.`);
  }
  const url = localUrl(settings.host, port);
  logger.info({ url, home: settings.home }, 'The reward service is ready.');
  process.send?.({ url });
});

import 'reflect-metadata';
import { languages } from '@pentimento/render/languages';
import { rewardApplication } from './applications.ts';
import { createRewardServices } from './composition/services.ts';
import { warmUp } from './composition/warm-up.ts';
import { isLoopback, listen, localUrl } from './runtime/listen.ts';
import { run } from './runtime/run.ts';
import { StartError } from './runtime/start-error.ts';

/** The reward service alone: it draws and scores what it is sent, and knows neither database nor queue. */
await run(async (setting) => {
  const { environment, lifecycle, logger } = setting;
  if (environment.reward.url) {
    throw new StartError('REWARD_URL names another reward service, and this is to be one itself: unset it here.');
  }
  const services = createRewardServices({ ...setting, languages });
  void warmUp(services);
  const app = await rewardApplication(services);
  lifecycle.add('application', () => app.close());
  const port = await listen(app.getHttpServer(), environment);
  if (!isLoopback(environment.host)) {
    logger.warn(`Whoever reaches ${environment.host}:${port} can use this service: it asks nobody who they are.`);
  }
  const url = localUrl(environment.host, port);
  logger.info({ url, home: environment.home }, 'The reward service is ready.');
  process.send?.({ url });
});

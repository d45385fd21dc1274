import type { FactoryProvider } from '@nestjs/common';
import type { RenderService } from '@pentimento/render';
import { createReward, createRewardService, type Reward, type RewardService } from '@pentimento/reward';
import type { Store } from '@pentimento/store';
import type { Logger } from 'pino';
import { STORE } from '../database/store.provider.ts';
import { RENDERERS } from '../renders/renderers.provider.ts';
import { HOME_CACHES, type HomeCaches } from '../runtime/home-caches.provider.ts';
import { LANGUAGES, type Languages } from '../runtime/languages.ts';
import { Lifecycle } from '../runtime/lifecycle.ts';
import { LOGGER } from '../runtime/logging.ts';
import { SETTINGS, type Settings } from '../settings/settings.ts';
import { createRemoteReward } from './remote-reward.ts';

/** Token of what scores renders here or on another machine, a `Scorer`. */
export const REWARD = Symbol('Reward');
export type Scorer = Pick<Reward, 'score' | 'version'>;

/** Token of what scores batches of replies, code and images, a `RewardService`. */
export const REWARD_SERVICE = Symbol('RewardService');

export const rewardProvider: FactoryProvider<Scorer> = {
  provide: REWARD,
  inject: [SETTINGS, HOME_CACHES, Lifecycle],
  useFactory({ home, reward: settings }: Settings, caches: HomeCaches, lifecycle: Lifecycle) {
    const { url, ...local } = settings;
    const reward = url ? createRemoteReward({ url }) : createReward({ ...local, home, cache: caches.vectors });
    lifecycle.add('reward', () => reward.close());
    return reward;
  },
};

export const rewardServiceProvider: FactoryProvider<RewardService> = {
  provide: REWARD_SERVICE,
  inject: [REWARD, RENDERERS, LANGUAGES, HOME_CACHES, SETTINGS, LOGGER, { token: STORE, optional: true }],
  useFactory: (
    reward: Scorer,
    renderers: RenderService,
    languages: Languages,
    caches: HomeCaches,
    { render, alignment }: Settings,
    logger: Logger,
    store?: Store,
  ) =>
    createRewardService({
      reward,
      renderers,
      languages,
      alignment,
      cache: caches.scores,
      ...(render.concurrency !== undefined && { concurrency: 2 * render.concurrency }),
      ...(store && { stored: storedIn(store) }),
      onFailure: (error) => logger.error({ err: error }, 'An item could not be scored.'),
    }),
};

/** What an item can name. */
function storedIn(store: Store) {
  const blob = (id: string) => store.blobs.get(id);
  return {
    blob,
    async targetOfJob(id: string) {
      const job = await store.getJob(id);
      const image = job && (await blob(job.target.image));
      return image && { image, deviceScale: job.target.deviceScale };
    },
  };
}

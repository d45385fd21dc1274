import type { ByteCache } from '@pentimento/contracts';
import { createModels, type Models } from '@pentimento/models';
import { createRenderers, type Renderers } from '@pentimento/render';
import type { LanguageDefinition } from '@pentimento/render/languages';
import { createReward, createRewardService, type Reward, type RewardService } from '@pentimento/reward';
import { createHomeCaches, createStore, migrate, type Store } from '@pentimento/store';
import type { Logger } from 'pino';
import sharp from 'sharp';
import type { Environment, EnvironmentVariables } from '../config/environment.ts';
import type { Lifecycle } from '../runtime/lifecycle.ts';
import type { Start } from '../runtime/run.ts';
import { StartError } from '../runtime/start-error.ts';
import { blobPort } from './blob-port.ts';
import { createRemoteReward } from '../rewards/remote-reward.ts';

/** What draws and scores: all that a process needs that is a reward service only. */
export interface RewardServices {
  environment: Environment;
  /** The languages that jobs, renders and scores may name. */
  languages: readonly LanguageDefinition[];
  lifecycle: Lifecycle;
  logger: Logger;
  renderers: Renderers;
  reward: Pick<Reward, 'score' | 'version'>;
  rewards: RewardService;
}

/** Everything that the modules are built on, made once a process. */
export interface Services extends RewardServices {
  store: Store;
  models: Models;
}

interface RewardSetting extends Start {
  languages: readonly LanguageDefinition[];
}

interface Setting extends RewardSetting {
  variables: EnvironmentVariables;
  databaseUrl: string;
}

/** Migrates the database and makes the libraries. Each is added to the lifecycle, so a start that fails closes the rest. */
export async function createServices(setting: Setting): Promise<Services> {
  const { environment, variables, databaseUrl, languages, lifecycle } = setting;
  await migrateOrExplain(databaseUrl);
  const store = createStore({ databaseUrl, blobFolder: environment.folders.blobs });
  lifecycle.add('store', () => store.close());
  const models = createModels({ environment: variables, languages, blobs: blobPort(store.blobs) });
  return { ...createRewardServices(setting, store), store, models };
}

/** The renderers, the reward and the service over both; a reference can be named where there is a store. */
export function createRewardServices(setting: RewardSetting, store?: Store): RewardServices {
  const { environment, languages, lifecycle, logger } = setting;
  sharp.cache(false);
  const { home, allowUnsandboxed, renderSlots } = environment;
  const caches = createHomeCaches(home);
  const renderers = createRenderers({ allowUnsandboxed, slots: renderSlots, cache: caches.renders });
  lifecycle.add('renderers', () => renderers.close());
  const reward = rewardOf(environment, caches.vectors);
  lifecycle.add('reward', () => reward.close());
  const rewards = createRewardService({
    reward,
    renderers,
    languages,
    cache: caches.scores,
    ...(renderSlots !== undefined && { atOnce: 2 * renderSlots }),
    ...(store && { images: imagesOf(store) }),
    onOutage: (error) => logger.error({ err: error }, 'An item could not be scored.'),
  });
  return { environment, languages, lifecycle, logger, renderers, reward, rewards };
}

function rewardOf({ home, reward }: Environment, cache: ByteCache) {
  const { url, ...own } = reward;
  return url ? createRemoteReward({ url }) : createReward({ ...own, home, cache });
}

function imagesOf(store: Store) {
  const ofBlob = (id: string) => store.blobs.get(id);
  return {
    ofBlob,
    async ofJob(id: string) {
      const job = await store.getJob(id);
      const image = job && (await ofBlob(job.target.image));
      return image && { image, deviceScale: job.target.deviceScale };
    },
  };
}

async function migrateOrExplain(databaseUrl: string): Promise<void> {
  try {
    await migrate(databaseUrl);
  } catch (error) {
    throw new StartError(`The database cannot be used. ${(error as Error).message}`, { cause: error });
  }
}

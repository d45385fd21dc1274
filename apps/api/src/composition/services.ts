import { createModels, type Models } from '@pentimento/models';
import { createRenderers, type Renderers } from '@pentimento/render';
import { createReward, type Reward } from '@pentimento/reward';
import { createStore, migrate, type Store } from '@pentimento/store';
import type { Logger } from 'pino';
import sharp from 'sharp';
import type { Environment, EnvironmentVariables } from '../config/environment.ts';
import type { Lifecycle } from '../runtime/lifecycle.ts';
import type { Start } from '../runtime/run.ts';
import { StartError } from '../runtime/start-error.ts';
import { blobPort } from './blob-port.ts';

/** Everything that the modules are built on, made once a process. */
export interface Services {
  environment: Environment;
  lifecycle: Lifecycle;
  logger: Logger;
  store: Store;
  models: Models;
  renderers: Renderers;
  reward: Reward;
}

interface Setting extends Start {
  variables: EnvironmentVariables;
  databaseUrl: string;
}

/** Migrates the database and makes the libraries. Each is added to the lifecycle, so a start that fails closes the rest. */
export async function createServices(setting: Setting): Promise<Services> {
  const { environment, variables, databaseUrl, lifecycle, logger } = setting;
  sharp.cache(false);
  await migrateOrExplain(databaseUrl);
  const store = createStore({ databaseUrl, blobFolder: environment.folders.blobs });
  lifecycle.add('store', () => store.close());
  const models = createModels({ environment: variables, blobs: blobPort(store.blobs) });
  const renderers = createRenderers({ allowUnsandboxed: environment.allowUnsandboxed });
  lifecycle.add('renderers', () => renderers.close());
  const reward = createReward({ encoder: environment.encoder });
  lifecycle.add('reward', () => reward.close());
  return { environment, lifecycle, logger, store, models, renderers, reward };
}

async function migrateOrExplain(databaseUrl: string): Promise<void> {
  try {
    await migrate(databaseUrl);
  } catch (error) {
    throw new StartError(`The database cannot be used. ${(error as Error).message}`, { cause: error });
  }
}

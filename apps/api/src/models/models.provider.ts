import type { FactoryProvider } from '@nestjs/common';
import { createModels, type Models } from '@pentimento/models';
import type { Store } from '@pentimento/store';
import { blobPort } from '../blobs/blob-port.ts';
import { STORE } from '../database/store.provider.ts';
import { LANGUAGES, type Languages } from '../runtime/languages.ts';
import { SETTINGS, type Settings } from '../settings/settings.ts';

/** Token of the model clients, a `Models`. */
export const MODELS = Symbol('Models');

export const modelsProvider: FactoryProvider<Models> = {
  provide: MODELS,
  inject: [SETTINGS, LANGUAGES, STORE],
  useFactory: ({ models }: Settings, languages: Languages, store: Store) =>
    createModels({ environment: models, languages, blobs: blobPort(store.blobs) }),
};

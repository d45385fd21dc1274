import type { FactoryProvider } from '@nestjs/common';
import type { BlobPort } from '@pentimento/agent';
import { createModels, LearnedProfiles, type Models } from '@pentimento/models';
import { LOOP_BLOBS } from '../blobs/loop-blobs.ts';
import { HOME_CACHES, type HomeCaches } from '../runtime/home-caches.provider.ts';
import { LANGUAGES, type Languages } from '../runtime/languages.ts';
import { SETTINGS, type Settings } from '../settings/settings.ts';

/** Token of the model clients, a `Models`. */
export const MODELS = Symbol('Models');

export const modelsProvider: FactoryProvider<Models> = {
  provide: MODELS,
  inject: [SETTINGS, LANGUAGES, LOOP_BLOBS, HOME_CACHES],
  useFactory: async ({ models }: Settings, languages: Languages, blobs: BlobPort, caches: HomeCaches) =>
    createModels({ environment: models, languages, blobs, learned: await LearnedProfiles.read(caches.models) }),
};

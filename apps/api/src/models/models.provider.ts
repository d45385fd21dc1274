import type { FactoryProvider } from '@nestjs/common';
import type { BlobPort } from '@pentimento/agent';
import { createModels, type Models } from '@pentimento/models';
import { LOOP_BLOBS } from '../blobs/loop-blobs.ts';
import { LANGUAGES, type Languages } from '../runtime/languages.ts';
import { SETTINGS, type Settings } from '../settings/settings.ts';

/** Token of the model clients, a `Models`. */
export const MODELS = Symbol('Models');

export const modelsProvider: FactoryProvider<Models> = {
  provide: MODELS,
  inject: [SETTINGS, LANGUAGES, LOOP_BLOBS],
  useFactory: ({ models }: Settings, languages: Languages, blobs: BlobPort) =>
    createModels({ environment: models, languages, blobs }),
};

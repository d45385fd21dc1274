import type { FactoryProvider } from '@nestjs/common';
import { createHomeCaches } from '@pentimento/cache';
import { SETTINGS, type Settings } from '../settings/settings.ts';

/** Token of the caches that all processes over one home share. */
export const HOME_CACHES = Symbol('HomeCaches');
export type HomeCaches = ReturnType<typeof createHomeCaches>;

export const homeCachesProvider: FactoryProvider<HomeCaches> = {
  provide: HOME_CACHES,
  inject: [SETTINGS],
  useFactory: ({ home }: Settings) => createHomeCaches(home),
};

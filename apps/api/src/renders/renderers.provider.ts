import type { FactoryProvider } from '@nestjs/common';
import { createRenderService, type RenderService } from '@pentimento/render';
import { HOME_CACHES, type HomeCaches } from '../runtime/home-caches.provider.ts';
import { LANGUAGES, type Languages } from '../runtime/languages.ts';
import { Lifecycle } from '../runtime/lifecycle.ts';
import { SETTINGS, type Settings } from '../settings/settings.ts';

/** Token of the renderers of the languages, a `RenderService`. */
export const RENDERERS = Symbol('Renderers');

export const renderersProvider: FactoryProvider<RenderService> = {
  provide: RENDERERS,
  inject: [SETTINGS, LANGUAGES, HOME_CACHES, Lifecycle],
  useFactory({ render }: Settings, languages: Languages, caches: HomeCaches, lifecycle: Lifecycle) {
    const renderers = createRenderService({ ...render, languages, cache: caches.renders });
    lifecycle.add('renderers', () => renderers.close());
    return renderers;
  },
};

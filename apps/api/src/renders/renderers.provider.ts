import type { FactoryProvider } from '@nestjs/common';
import { createRenderService, type RenderService } from '@pentimento/render';
import type { Logger } from 'pino';
import { HOME_CACHES, type HomeCaches } from '../runtime/home-caches.provider.ts';
import { LANGUAGES, type Languages } from '../runtime/languages.ts';
import { Lifecycle } from '../runtime/lifecycle.ts';
import { LOGGER } from '../runtime/logging.ts';
import { SETTINGS, type Settings } from '../settings/settings.ts';

/** Token of the renderers of the languages, a `RenderService`. */
export const RENDERERS = Symbol('Renderers');

export const renderersProvider: FactoryProvider<RenderService> = {
  provide: RENDERERS,
  inject: [SETTINGS, LANGUAGES, HOME_CACHES, Lifecycle, LOGGER],
  useFactory({ render }: Settings, languages: Languages, caches: HomeCaches, lifecycle: Lifecycle, logger: Logger) {
    const renderers = createRenderService({
      ...render,
      languages,
      cache: caches.renders,
      onUnexpectedError: (error, language) =>
        logger.error({ err: error, language }, 'A renderer failed on a piece of code.'),
    });
    lifecycle.add('renderers', () => renderers.close());
    return renderers;
  },
};

import { Global, Module, type DynamicModule } from '@nestjs/common';
import { SETTINGS } from '../settings/settings.ts';
import { HOME_CACHES, homeCachesProvider } from './home-caches.provider.ts';
import { LANGUAGES } from './languages.ts';
import { Lifecycle } from './lifecycle.ts';
import { LOGGER } from './logging.ts';
import type { Runtime } from './run.ts';

/** What every module may need of the process: its settings, languages, lifecycle, logger and caches. */
@Global()
@Module({})
export class RuntimeModule {
  static register({ settings, languages, lifecycle, logger }: Runtime): DynamicModule {
    return {
      module: RuntimeModule,
      providers: [
        { provide: SETTINGS, useValue: settings },
        { provide: LANGUAGES, useValue: languages },
        { provide: Lifecycle, useValue: lifecycle },
        { provide: LOGGER, useValue: logger },
        homeCachesProvider,
      ],
      exports: [SETTINGS, LANGUAGES, Lifecycle, LOGGER, HOME_CACHES],
    };
  }
}

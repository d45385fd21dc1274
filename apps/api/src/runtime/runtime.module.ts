import { Global, Module, type DynamicModule } from '@nestjs/common';
import { SETTINGS } from '../settings/settings.ts';
import { HOME_CACHES, homeCachesProvider } from './home-caches.provider.ts';
import { Lifecycle } from './lifecycle.ts';
import { LOGGER } from './logging.ts';
import type { Runtime } from './run.ts';

/** What every module may need of the process: its settings, lifecycle, logger and caches. */
@Global()
@Module({})
export class RuntimeModule {
  static register({ settings, lifecycle, logger }: Runtime): DynamicModule {
    return {
      module: RuntimeModule,
      providers: [
        { provide: SETTINGS, useValue: settings },
        { provide: Lifecycle, useValue: lifecycle },
        { provide: LOGGER, useValue: logger },
        homeCachesProvider,
      ],
      exports: [SETTINGS, Lifecycle, LOGGER, HOME_CACHES],
    };
  }
}

import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { RewardServices } from './composition/services.ts';
import { SERVICES } from './composition/tokens.ts';

/** Hands what the composition root made to every module. */
@Global()
@Module({})
export class ServicesModule {
  static register(services: RewardServices): DynamicModule {
    return {
      module: ServicesModule,
      providers: [{ provide: SERVICES, useValue: services }],
      exports: [SERVICES],
    };
  }
}

import { Global, Module, type DynamicModule } from '@nestjs/common';
import { DATABASE_URL, STORE, storeProvider } from './store.provider.ts';

/** The database of the process, for every module. A process that only scores has none. */
@Global()
@Module({})
export class DatabaseModule {
  static register(databaseUrl: string): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [{ provide: DATABASE_URL, useValue: databaseUrl }, storeProvider],
      exports: [DATABASE_URL, STORE],
    };
  }
}

import { Module, type DynamicModule } from '@nestjs/common';
import { BlobsModule } from './blobs/blobs.module.ts';
import { CatalogModule } from './catalog/catalog.module.ts';
import { DashboardModule } from './dashboard/dashboard.module.ts';
import { DatabaseModule } from './database/database.module.ts';
import { EnvironmentsModule } from './environments/environments.module.ts';
import { HealthModule } from './health/health.module.ts';
import { HttpModule } from './http/http.module.ts';
import { JobsModule } from './jobs/jobs.module.ts';
import { WorkerModule } from './queue/worker.module.ts';
import { RendersModule } from './renders/renders.module.ts';
import { RewardsModule } from './rewards/rewards.module.ts';
import type { Runtime } from './runtime/run.ts';
import { StorageModule } from './storage/storage.module.ts';
import { RuntimeModule } from './runtime/runtime.module.ts';

@Module({})
class AppModule {}

/** HTTP, and the worker in the same process where the settings say so. */
export const serverModule = (runtime: Runtime, databaseUrl: string): DynamicModule => ({
  module: AppModule,
  imports: [
    RuntimeModule.register(runtime),
    DatabaseModule.register(databaseUrl),
    HttpModule,
    JobsModule,
    EnvironmentsModule,
    BlobsModule,
    CatalogModule,
    StorageModule,
    RewardsModule,
    RendersModule,
    HealthModule.forJobs(),
    DashboardModule,
    ...(runtime.settings.runsWorker ? [WorkerModule] : []),
  ],
});

/** The worker without HTTP. */
export const workerModule = (runtime: Runtime, databaseUrl: string): DynamicModule => ({
  module: AppModule,
  imports: [RuntimeModule.register(runtime), DatabaseModule.register(databaseUrl), WorkerModule],
});

/** Rewards and renders over HTTP, without a database. */
export const rewardsModule = (runtime: Runtime): DynamicModule => ({
  module: AppModule,
  imports: [RuntimeModule.register(runtime), HttpModule, RewardsModule, RendersModule, HealthModule.forRewards()],
});

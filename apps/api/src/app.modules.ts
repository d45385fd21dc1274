import { Module, type DynamicModule } from '@nestjs/common';
import { BlobsModule } from './blobs/blobs.module.ts';
import { CatalogModule } from './catalog/catalog.module.ts';
import { ChatModule } from './chat/chat.module.ts';
import { CompatModule } from './compat/compat.module.ts';
import { DashboardModule } from './dashboard/dashboard.module.ts';
import { DatabaseModule } from './database/database.module.ts';
import { ExportWorkerModule } from './exports/export-worker.module.ts';
import { ExportsModule } from './exports/exports.module.ts';
import { EnvironmentsModule } from './environments/environments.module.ts';
import { HealthModule } from './health/health.module.ts';
import { HttpModule } from './http/http.module.ts';
import { InterventionsModule } from './interventions/interventions.module.ts';
import { JobsModule } from './jobs/jobs.module.ts';
import { JudgmentsModule } from './judgments/judgments.module.ts';
import { WorkerModule } from './queue/worker.module.ts';
import { RendersModule } from './renders/renders.module.ts';
import { RescoresModule } from './rescores/rescores.module.ts';
import { RewardsModule } from './rewards/rewards.module.ts';
import type { Runtime } from './runtime/run.ts';
import { StorageModule } from './storage/storage.module.ts';
import { RuntimeModule } from './runtime/runtime.module.ts';

@Module({})
class AppModule {}

const workers = [WorkerModule, ExportWorkerModule];

/** HTTP, and the worker in the same process where the settings say so. */
export const serverModule = (runtime: Runtime, databaseUrl: string): DynamicModule => ({
  module: AppModule,
  imports: [
    RuntimeModule.register(runtime),
    DatabaseModule.register(databaseUrl),
    HttpModule,
    JobsModule,
    InterventionsModule,
    EnvironmentsModule,
    ChatModule,
    JudgmentsModule,
    BlobsModule,
    CatalogModule,
    StorageModule,
    ExportsModule,
    RewardsModule,
    CompatModule,
    RescoresModule,
    RendersModule,
    HealthModule.forJobs(),
    DashboardModule,
    ...(runtime.settings.runsWorker ? workers : []),
  ],
});

/** The worker without HTTP. */
export const workerModule = (runtime: Runtime, databaseUrl: string): DynamicModule => ({
  module: AppModule,
  imports: [RuntimeModule.register(runtime), DatabaseModule.register(databaseUrl), ...workers],
});

/** Rewards and renders over HTTP, without a database. */
export const rewardsModule = (runtime: Runtime): DynamicModule => ({
  module: AppModule,
  imports: [
    RuntimeModule.register(runtime),
    HttpModule,
    RewardsModule,
    CompatModule,
    RendersModule,
    HealthModule.forRewards(),
  ],
});

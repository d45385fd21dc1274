import { BullModule } from '@nestjs/bullmq';
import { Module, type DynamicModule } from '@nestjs/common';
import { queueConnection, queueName } from './connection.ts';
import { JobQueue } from './job-queue.ts';
import { RefineProcessor } from './refine.processor.ts';
import { Refinements } from './refinements.ts';
import { Sweeper } from './sweeper.ts';

export interface QueueSetting {
  redisUrl: string | undefined;
  databaseUrl: string;
  /** Takes jobs from the queue and sweeps, beside handing jobs to it. */
  runsWorker: boolean;
}

@Module({})
export class QueueModule {
  static register({ redisUrl, databaseUrl, runsWorker }: QueueSetting): DynamicModule {
    return {
      module: QueueModule,
      global: true,
      imports: [
        BullModule.forRoot({ connection: queueConnection(redisUrl, databaseUrl), prefix: 'pentimento' }),
        BullModule.registerQueue({ name: queueName }),
      ],
      providers: [JobQueue, ...(runsWorker ? [Refinements, RefineProcessor, Sweeper] : [])],
      exports: [JobQueue],
    };
  }
}

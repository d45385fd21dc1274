import { BullModule } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import { DATABASE_URL } from '../database/store.provider.ts';
import { SETTINGS, type Settings } from '../settings/settings.ts';
import { queueConnection, queueNames } from './connection.ts';
import { ExportQueue } from './export-queue.ts';
import { JobQueue } from './job-queue.ts';

/** The queues, for processes that enqueue work. */
@Module({
  imports: [
    BullModule.forRootAsync({
      inject: [SETTINGS, DATABASE_URL],
      useFactory: ({ redisUrl }: Settings, databaseUrl: string) => ({
        connection: queueConnection(redisUrl, databaseUrl),
        prefix: 'pentimento',
      }),
    }),
    BullModule.registerQueue({ name: queueNames.jobs }, { name: queueNames.exports }),
  ],
  providers: [JobQueue, ExportQueue],
  exports: [JobQueue, ExportQueue],
})
export class QueueModule {}

import { BullModule } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import { DATABASE_URL } from '../database/store.provider.ts';
import { SETTINGS, type Settings } from '../settings/settings.ts';
import { queueConnection, queueName } from './connection.ts';
import { JobQueue } from './job-queue.ts';

/** The queue, for processes that enqueue jobs. */
@Module({
  imports: [
    BullModule.forRootAsync({
      inject: [SETTINGS, DATABASE_URL],
      useFactory: ({ redisUrl }: Settings, databaseUrl: string) => ({
        connection: queueConnection(redisUrl, databaseUrl),
        prefix: 'pentimento',
      }),
    }),
    BullModule.registerQueue({ name: queueName }),
  ],
  providers: [JobQueue],
  exports: [JobQueue],
})
export class QueueModule {}

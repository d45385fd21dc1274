import { Module } from '@nestjs/common';
import { QueueModule } from '../queue/queue.module.ts';
import { ExportRunner } from './export-runner.ts';
import { ExportProcessor } from './export.processor.ts';

/** Takes exports from the queue and makes them. */
@Module({ imports: [QueueModule], providers: [ExportRunner, ExportProcessor] })
export class ExportWorkerModule {}

import { Module } from '@nestjs/common';
import { QueueModule } from '../queue/queue.module.ts';
import { ExportFilesController } from './export-files.controller.ts';
import { ExportPreviews } from './export-preview.ts';
import { ExportsController } from './exports.controller.ts';
import { ExportsService } from './exports.service.ts';

/** Exports over HTTP. */
@Module({
  imports: [QueueModule],
  controllers: [ExportsController, ExportFilesController],
  providers: [ExportsService, ExportPreviews],
})
export class ExportsModule {}
